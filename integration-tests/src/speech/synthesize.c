/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Speaks: synthesize SOUND INDEX < LINES, each line "voice\trate\tpitch\ttext" in UTF-8. SOUND gets all of it, one line
 * after the other, as s16le, mono, 22050 Hz. INDEX gets, for each line, "utterance FIRST COUNT" in samples, then
 * "word AT" and "phone AT LABEL" in the order of time, AT counted from the utterance's first sample. The same version
 * and the same lines yield the same octets.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <espeak-ng/speak_lib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE 22050
#define LABEL sizeof(((espeak_EVENT *)0)->id.string)

typedef struct {
  int at;
  int is_phone;
  char label[LABEL + 1];
} event_t;

static FILE *sound;
static event_t *events;
static size_t event_count, event_space;
static long heard;

static void fail(const char *what, const char *which) {
  fprintf(stderr, "synthesize: %s: %s\n", what, which);
  exit(1);
}

static void keep(const espeak_EVENT *event) {
  if (event_count == event_space) {
    event_space = event_space ? 2 * event_space : 256;
    events = realloc(events, event_space * sizeof(*events));
    if (!events) fail("no memory", "events");
  }
  event_t *kept = &events[event_count++];
  kept->at = event->sample;
  kept->is_phone = event->type == espeakEVENT_PHONEME;
  memset(kept->label, 0, sizeof(kept->label));
  if (kept->is_phone) memcpy(kept->label, event->id.string, LABEL);
}

static int hear(short *samples, int count, espeak_EVENT *event) {
  if (samples && count > 0) {
    if (fwrite(samples, sizeof(*samples), (size_t)count, sound) != (size_t)count) fail("sound", strerror(errno));
    heard += count;
  }
  for (; event->type != espeakEVENT_LIST_TERMINATED; event++) {
    if (event->type == espeakEVENT_WORD || event->type == espeakEVENT_PHONEME) keep(event);
  }
  return 0;
}

static char *field(char **line) {
  char *start = *line, *tab = strchr(start, '\t');
  if (!tab) fail("a line with fewer than four fields", start);
  *tab = 0;
  *line = tab + 1;
  return start;
}

static void set(espeak_PARAMETER parameter, const char *text) {
  char *end;
  errno = 0;
  long value = strtol(text, &end, 10);
  if (errno || end == text || *end || value < 0 || value > 1000) fail("not a rate or pitch", text);
  if (espeak_SetParameter(parameter, (int)value, 0) != EE_OK) fail("rate or pitch refused", text);
}

static void speak(char *line, FILE *index) {
  static char current[64];
  static long first;
  const char *voice = field(&line);
  if (strlen(voice) >= sizeof(current)) fail("voice's name too long", voice);
  if (strcmp(voice, current)) {
    if (espeak_SetVoiceByName(voice) != EE_OK) fail("no such voice", voice);
    strcpy(current, voice);
  }
  set(espeakRATE, field(&line));
  set(espeakPITCH, field(&line));
  event_count = 0;
  heard = 0;
  if (espeak_Synth(line, strlen(line) + 1, 0, POS_CHARACTER, 0, espeakCHARS_UTF8, NULL, NULL) != EE_OK ||
      espeak_Synchronize() != EE_OK) {
    fail("not spoken", line);
  }
  if (heard == 0) fail("nothing to hear", line);
  if (fprintf(index, "utterance %ld %ld\n", first, heard) < 0) fail("index", strerror(errno));
  for (size_t i = 0; i < event_count; i++) {
    const event_t *event = &events[i];
    int written = event->is_phone ? fprintf(index, "phone %d %s\n", event->at, event->label[0] ? event->label : "_")
                                  : fprintf(index, "word %d\n", event->at);
    if (written < 0) fail("index", strerror(errno));
  }
  first += heard;
}

int main(int argc, char **argv) {
  if (argc != 3) fail("usage", "synthesize SOUND INDEX < LINES");
  if (!(sound = fopen(argv[1], "wb"))) fail(argv[1], strerror(errno));
  FILE *index = fopen(argv[2], "w");
  if (!index) fail(argv[2], strerror(errno));
  int rate = espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, NULL, espeakINITIALIZE_PHONEME_EVENTS);
  if (rate != RATE) fail("espeak-ng", rate < 0 ? "not initialised" : "another sample rate than 22050 Hz");
  espeak_SetSynthCallback(hear);

  char *line = NULL;
  size_t space = 0;
  ssize_t length;
  while ((length = getline(&line, &space, stdin)) >= 0) {
    if (length > 0 && line[length - 1] == '\n') line[length - 1] = 0;
    speak(line, index);
  }
  if (ferror(stdin)) fail("stdin", strerror(errno));
  free(line);
  free(events);
  if (fclose(sound)) fail(argv[1], strerror(errno));
  if (fclose(index)) fail(argv[2], strerror(errno));
  if (espeak_Terminate() != EE_OK) fail("espeak-ng", "not terminated");
  return 0;
}
