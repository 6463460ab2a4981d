/* SPDX-License-Identifier: Apache-2.0 */
/* global JitsiMeetJS, config */
'use strict';

// Takes part in a meeting with microphone and camera, and tells on the console, each with the time: when it was joined,
// when the first picture of somebody else was shown, when somebody else's sound was played. The fragment is
// #ROOM,DEVICES with devices joined by a plus.

const { connection: onConnection, conference: onConference } = JitsiMeetJS.events;
const [room, devices] = decodeURIComponent(location.hash.slice(1)).split(',');

function tell(what) {
  console.info(`page ${what} ${(performance.timeOrigin + performance.now()).toFixed(1)}`);
}

function shown(track) {
  const element = document.createElement(track.getType() === 'video' ? 'video' : 'audio');

  element.autoplay = true;
  if (track.getType() === 'video') {
    element.muted = true;
    element.requestVideoFrameCallback(() => tell('picture'));
  } else {
    element.addEventListener('playing', () => tell('sound'), { once: true });
  }
  document.body.appendChild(element);
  track.attach(element);
}

async function take() {
  JitsiMeetJS.setLogLevel(JitsiMeetJS.logLevels.ERROR);
  JitsiMeetJS.init({ disableAudioLevels: true, disableAP: true });

  // Both at once, as Jitsi Meet does.
  const tracks = JitsiMeetJS.createLocalTracks({ devices: devices.split('+'), resolution: 360 });
  const connection = new JitsiMeetJS.JitsiConnection(null, null, {
    ...config,
    serviceUrl: `${config.websocket}?room=${room}`
  });

  await new Promise((resolve, reject) => {
    connection.addEventListener(onConnection.CONNECTION_ESTABLISHED, resolve);
    connection.addEventListener(onConnection.CONNECTION_FAILED, reject);
    connection.connect();
  });
  tell('connected');

  // One encoding, as what the others send in the rooms that it is compared with.
  const conference = connection.initJitsiConference(room, {
    ...config,
    disableSimulcast: true,
    p2p: { enabled: false }
  });

  conference.on(onConference.TRACK_ADDED, track => track.isLocal() || shown(track));
  conference.on(onConference.CONFERENCE_JOINED, () => tell('joined'));
  conference.on(onConference.CONFERENCE_FAILED, why => tell(`failed: ${why}`));
  for (const track of await tracks) {
    await conference.addTrack(track);
  }
  conference.join();
}

take().catch(why => tell(`failed: ${why && (why.message || why)}`));
