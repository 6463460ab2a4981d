#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Ten endpoints hold a conference with speech and layered video on a Jitsi Videobridge with the plugin, over a bad
# network, while people join, leave and die and Prosody restarts once. Build first: mvn -DskipTests package
#
#   room        in place of that, two clients and two applications talk in a room of a whole deployment
#   argument    how many minutes, 60 by default, in a room 120
#   JVB_HOME    where the Jitsi Videobridge is, if not at /usr/share/jitsi-videobridge
#   JICOFO_HOME where Jicofo is, if not at /usr/share/jicofo
set -eu
class=Soak
if [ "${1:-}" = room ]; then
  class=RoomSoak
  shift
fi
exec "$(dirname "$0")/lab.sh" -Xmx1g -Djdk.httpclient.keepalive.timeout=10 "org.perc4j.it.soak.$class" "$@"
