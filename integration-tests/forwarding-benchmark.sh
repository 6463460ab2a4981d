#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What forwarding double streams costs a Jitsi Videobridge, and how fast it changes layers, beside plain
# streams on the same bridge; some minutes each. Build first: mvn -DskipTests package
#
#   arguments          some of: load switches; both unless said otherwise
#   JVB_HOME           where the Jitsi Videobridge is, if not at /usr/share/jitsi-videobridge
#   PERC4J_ENDPOINTS   of the load, each kind, 20 unless said otherwise
#   PERC4J_ROUNDS      of the load, 8 unless said otherwise
#   PERC4J_SWITCHES    each way, 20 unless said otherwise
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
  -Dperc4j.plugin.jar="$plugin" \
  -Dperc4j.bridge.heap=4g \
  -Dperc4j.endpoints="${PERC4J_ENDPOINTS:-20}" \
  -Dperc4j.rounds="${PERC4J_ROUNDS:-8}" \
  -Dperc4j.switches="${PERC4J_SWITCHES:-20}" \
  -cp "$here/target/classes:$(cat "$here/target/classpath.txt")" \
  org.perc4j.it.bench.ForwardingBenchmark "$@"
