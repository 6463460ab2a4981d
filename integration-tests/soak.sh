#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Ten endpoints hold a conference with speech and layered video on a Jitsi Videobridge with the plugin, over a bad
# network, while people join, leave and die and Prosody restarts once. Build first: mvn -DskipTests package
#
#   argument    how many minutes, 60 unless said otherwise
#   JVB_HOME    where the Jitsi Videobridge is, if not at /usr/share/jitsi-videobridge
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ ! -f "$here/target/classpath.txt" ]; then
  echo "not built: run 'mvn -DskipTests package' first" >&2
  exit 2
fi
plugin=$(find "$here/../jvb-plugin/target" -maxdepth 1 -name 'perc4j-jvb-plugin-*.jar' ! -name '*sources*' ! -name '*javadoc*' | head -n 1)
exec "$here/src/test/netns/bin/java" \
  -Xmx1g -Djdk.httpclient.keepalive.timeout=10 \
  -Djava.util.logging.config.file="$here/src/test/resources/logging.properties" \
  -Dperc4j.output="$here/target" \
  -Dperc4j.plugin.jar="$plugin" \
  -cp "$here/target/classes:$(cat "$here/target/classpath.txt")" \
  org.perc4j.it.soak.Soak "$@"
