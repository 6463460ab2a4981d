#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# How long members take to agree on new keys over Prosody, and what it costs on the wire; some minutes.
# Build first: mvn -DskipTests package
#
#   arguments        some of: times octets bursts crowd; all unless said otherwise
#   PERC4J_ROUNDS    joins and leaves per size, 20 unless said otherwise
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ ! -f "$here/target/classpath.txt" ]; then
  echo "not built: run 'mvn -DskipTests package' first" >&2
  exit 2
fi
exec "$here/src/test/netns/bin/java" \
  -Djava.util.logging.config.file="$here/src/test/resources/logging.properties" \
  -Dperc4j.rounds="${PERC4J_ROUNDS:-20}" \
  -cp "$here/target/classes:$(cat "$here/target/classpath.txt")" \
  org.perc4j.it.bench.KeyingBenchmark "$@"
