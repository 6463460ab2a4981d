#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# What audio levels tell a bridge, and whether it still finds the speaker where they tell next to nothing. Needs gcc,
# espeak-ng and opus with their headers, and ffmpeg. Build first: mvn -DskipTests package
#
#   bridge [SECONDS [PARTICIPANTS [SEED]]]   one meeting in three rooms of a Jitsi Videobridge at the same time,
#                                            300 s with 4 participants unless said otherwise
#   [levels] [sizes] [phrases] [speakers]    without a bridge, all of them unless said otherwise, some half an hour;
#                                            draws PNG into target/activity
#   JVB_HOME                                 where the Jitsi Videobridge is, if not at /usr/share/jitsi-videobridge
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ ! -f "$here/target/classpath.txt" ]; then
  echo "not built: run 'mvn -DskipTests package' first" >&2
  exit 2
fi
benchmark=ActivityBenchmark
if [ "${1:-}" = bridge ]; then
  benchmark=SpeakerBenchmark
  shift
fi
plugin=$(find "$here/../jvb-plugin/target" -maxdepth 1 -name 'perc4j-jvb-plugin-*.jar' ! -name '*sources*' ! -name '*javadoc*' | head -n 1)
exec "$here/src/test/netns/bin/java" \
  -Djava.util.logging.config.file="$here/src/test/resources/logging.properties" \
  -Dperc4j.output="$here/target" \
  -Dperc4j.plugin.jar="$plugin" \
  -Dperc4j.speech="$here/src/speech" \
  -cp "$here/target/classes:$(cat "$here/target/classpath.txt")" \
  "org.perc4j.it.bench.$benchmark" "$@"
