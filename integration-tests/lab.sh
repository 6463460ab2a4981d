#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Runs a class of what was built here, in a network namespace of its own: mvn -DskipTests package first.
#
#   arguments   options of Java, which may give another class path or output folder; the class; its arguments
#   JVB_HOME    where the Jitsi Videobridge is, if not at /usr/share/jitsi-videobridge
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ ! -f "$here/target/classpath.txt" ]; then
  echo "not built: run 'mvn -DskipTests package' first" >&2
  exit 2
fi
plugin=$(find "$here/../jvb-plugin/target" -maxdepth 1 -name 'perc4j-jvb-plugin-*.jar' ! -name '*sources*' ! -name '*javadoc*' \
  ! -name '*-tests.jar' | head -n 1)
exec "$here/src/test/netns/bin/java" \
  -Djava.util.logging.config.file="$here/src/test/resources/logging.properties" \
  -Dperc4j.output="$here/target" \
  -Dperc4j.plugin.jar="${PERC4J_PLUGIN:-$plugin}" \
  -cp "$here/target/classes:$(cat "$here/target/classpath.txt")" \
  "$@"
