#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Three endpoints hold a conference on a bridge that can't listen. Build first: mvn -DskipTests package
#
#   JVB_HOME         where the Jitsi Videobridge is, if not at /usr/share/jitsi-videobridge
#   PERC4J_SECONDS   how long they talk, 10 unless said otherwise
#   PERC4J_BRIDGE    jvb or embedded; unless said otherwise, jvb where one is installed
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ ! -f "$here/target/classpath.txt" ]; then
  echo "not built: run 'mvn -DskipTests package' first" >&2
  exit 2
fi
plugin=$(find "$here/../jvb-plugin/target" -maxdepth 1 -name 'perc4j-jvb-plugin-*.jar' ! -name '*sources*' ! -name '*javadoc*' | head -n 1)
exec "$here/src/test/netns/bin/java" \
  -Djava.util.logging.config.file="$here/src/test/resources/logging.properties" \
  -Dperc4j.output="$here/target" \
  -Dperc4j.plugin.jar="${PERC4J_PLUGIN:-$plugin}" \
  -Dperc4j.seconds="${PERC4J_SECONDS:-10}" \
  -Dperc4j.bridge="${PERC4J_BRIDGE:-}" \
  -cp "$here/target/classes:$(cat "$here/target/classpath.txt")" \
  org.perc4j.it.demo.ConferenceDemo
