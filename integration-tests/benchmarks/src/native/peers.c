/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two layers of SRTP with AES-GCM by libsrtp2, and twice the AES-GCM of OpenSSL and of NSS over the same octets with
 * the key schedules kept, which is what any implementation has to do at least.
 *
 *   peers describe                                               what it runs on
 *   peers inner KEYBITS                                          one packet after libsrtp2's first layer, in hex
 *   peers measure OPERATION PAYLOAD KEYBITS MILLIS ROUNDS        prints "PEER NANOSECONDS" per round, peers by turns
 *
 * OPERATION is protect, of one packet over and over under new sequence numbers, or unprotect, of packets that were
 * protected before, copied afresh in batches; copying is not timed. The driver does the same.
 */
#define _POSIX_C_SOURCE 200809L
#include <nss.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pk11pub.h>
#include <srtp2/srtp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
  HEADER = 12,
  TAG = 16,
  OHB = 1,
  SALT = 12,
  MAX_KEY = 32,
  PACKET_ROOM = 2048,
  BATCH = 256,
  /* as long as a receiver may count without a rollover */
  STORE = 32768,
  MAX_BATCHES = 16384
};

static const uint32_t SSRC = 0x01020304;

static int payload_length;
static int key_length;

static void require(int ok, const char *what) {
  if (!ok) {
    fprintf(stderr, "peers: %s failed\n", what);
    exit(1);
  }
}

static double now_nanos(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return 1e9 * (double)time.tv_sec + (double)time.tv_nsec;
}

/* the driver's keys: 0 to 43, the outer one with 1 first */
static void fill_key(unsigned char *key, int outer) {
  for (int i = 0; i < key_length + SALT; i++) {
    key[i] = (unsigned char)i;
  }
  if (outer) {
    key[0] = 1;
  }
}

static void write_packet(unsigned char *packet, unsigned sequence_number) {
  memset(packet, 0, HEADER);
  packet[0] = 0x80;
  packet[1] = 96;
  packet[2] = (unsigned char)(sequence_number >> 8);
  packet[3] = (unsigned char)sequence_number;
  for (int i = 0; i < 4; i++) {
    packet[8 + i] = (unsigned char)(SSRC >> (24 - 8 * i));
  }
}

static void write_payload(unsigned char *packet) {
  for (int i = 0; i < payload_length; i++) {
    packet[HEADER + i] = (unsigned char)(31 * i);
  }
}

/* ---------------------------------------------------------------- a peer */

typedef struct {
  const char *name;
  int overhead;
  void (*start)(int sender);
  void (*protect)(unsigned char *packet);
  void (*unprotect)(unsigned char *packet);
  void (*stop)(void);
} peer_t;

/* ---------------------------------------------------------------- libsrtp2 */

static srtp_t sessions[2];

static void srtp_start(int sender) {
  for (int outer = 0; outer < 2; outer++) {
    unsigned char key[MAX_KEY + SALT];
    fill_key(key, outer);
    srtp_policy_t policy;
    memset(&policy, 0, sizeof policy);
    if (key_length == 16) {
      srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
      srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
    } else {
      srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtp);
      srtp_crypto_policy_set_aes_gcm_256_16_auth(&policy.rtcp);
    }
    policy.ssrc.type = ssrc_specific;
    policy.ssrc.value = SSRC;
    policy.key = key;
    policy.window_size = 4096;
    (void)sender;
    require(srtp_create(&sessions[outer], &policy) == srtp_err_status_ok, "srtp_create");
  }
}

static void srtp_layers_protect(unsigned char *packet) {
  int length = HEADER + payload_length;
  require(srtp_protect(sessions[0], packet, &length) == srtp_err_status_ok, "srtp_protect");
  require(srtp_protect(sessions[1], packet, &length) == srtp_err_status_ok, "srtp_protect");
}

static void srtp_layers_unprotect(unsigned char *packet) {
  int length = HEADER + payload_length + 2 * TAG;
  require(srtp_unprotect(sessions[1], packet, &length) == srtp_err_status_ok, "srtp_unprotect");
  require(srtp_unprotect(sessions[0], packet, &length) == srtp_err_status_ok, "srtp_unprotect");
}

static void srtp_stop(void) {
  srtp_dealloc(sessions[0]);
  srtp_dealloc(sessions[1]);
}

/* ---------------------------------------------------------------- nonces for bare AES-GCM */

static void write_nonce(unsigned char *nonce, const unsigned char *packet) {
  memset(nonce, 0, SALT);
  memcpy(nonce + 2, packet + 8, 4);
  memcpy(nonce + 10, packet + 2, 2);
}

/* ---------------------------------------------------------------- OpenSSL */

static EVP_CIPHER_CTX *contexts[2];

static void openssl_start(int sender) {
  const EVP_CIPHER *cipher = key_length == 16 ? EVP_aes_128_gcm() : EVP_aes_256_gcm();
  for (int outer = 0; outer < 2; outer++) {
    unsigned char key[MAX_KEY + SALT];
    fill_key(key, outer);
    contexts[outer] = EVP_CIPHER_CTX_new();
    require(EVP_CipherInit_ex(contexts[outer], cipher, NULL, key, NULL, sender) == 1, "EVP_CipherInit_ex");
  }
}

static void openssl_layer_protect(EVP_CIPHER_CTX *context, unsigned char *packet, int length) {
  unsigned char nonce[SALT];
  int written;
  unsigned char *text = packet + HEADER;
  write_nonce(nonce, packet);
  require(EVP_EncryptInit_ex(context, NULL, NULL, NULL, nonce) == 1, "EVP_EncryptInit_ex");
  require(EVP_EncryptUpdate(context, NULL, &written, packet, HEADER) == 1, "EVP_EncryptUpdate");
  require(EVP_EncryptUpdate(context, text, &written, text, length) == 1, "EVP_EncryptUpdate");
  require(EVP_EncryptFinal_ex(context, text + length, &written) == 1, "EVP_EncryptFinal_ex");
  require(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, TAG, text + length) == 1, "EVP_CTRL_AEAD_GET_TAG");
}

static void openssl_layer_unprotect(EVP_CIPHER_CTX *context, unsigned char *packet, int length) {
  unsigned char nonce[SALT];
  int written;
  unsigned char *text = packet + HEADER;
  write_nonce(nonce, packet);
  require(EVP_DecryptInit_ex(context, NULL, NULL, NULL, nonce) == 1, "EVP_DecryptInit_ex");
  require(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TAG, text + length) == 1, "EVP_CTRL_AEAD_SET_TAG");
  require(EVP_DecryptUpdate(context, NULL, &written, packet, HEADER) == 1, "EVP_DecryptUpdate");
  require(EVP_DecryptUpdate(context, text, &written, text, length) == 1, "EVP_DecryptUpdate");
  require(EVP_DecryptFinal_ex(context, text + length, &written) == 1, "EVP_DecryptFinal_ex");
}

static void openssl_protect(unsigned char *packet) {
  openssl_layer_protect(contexts[0], packet, payload_length);
  openssl_layer_protect(contexts[1], packet, payload_length + TAG + OHB);
}

static void openssl_unprotect(unsigned char *packet) {
  openssl_layer_unprotect(contexts[1], packet, payload_length + TAG + OHB);
  openssl_layer_unprotect(contexts[0], packet, payload_length);
}

static void openssl_stop(void) {
  EVP_CIPHER_CTX_free(contexts[0]);
  EVP_CIPHER_CTX_free(contexts[1]);
}

/* ---------------------------------------------------------------- NSS */

static PK11Context *nss_contexts[2];
static PK11SymKey *nss_keys[2];

static void nss_start(int sender) {
  CK_ATTRIBUTE_TYPE operation = CKA_NSS_MESSAGE | (sender ? CKA_ENCRYPT : CKA_DECRYPT);
  PK11SlotInfo *slot = PK11_GetInternalSlot();
  for (int outer = 0; outer < 2; outer++) {
    unsigned char key[MAX_KEY + SALT];
    fill_key(key, outer);
    SECItem item = {siBuffer, key, (unsigned)key_length};
    SECItem none = {siBuffer, NULL, 0};
    nss_keys[outer] = PK11_ImportSymKey(slot, CKM_AES_GCM, PK11_OriginUnwrap, sender ? CKA_ENCRYPT : CKA_DECRYPT,
                                        &item, NULL);
    require(nss_keys[outer] != NULL, "PK11_ImportSymKey");
    nss_contexts[outer] = PK11_CreateContextBySymKey(CKM_AES_GCM, operation, nss_keys[outer], &none);
    require(nss_contexts[outer] != NULL, "PK11_CreateContextBySymKey");
  }
  PK11_FreeSlot(slot);
}

static void nss_layer(PK11Context *context, unsigned char *packet, int in_length, int out_length, unsigned char *tag) {
  unsigned char nonce[SALT];
  int written = 0;
  write_nonce(nonce, packet);
  require(PK11_AEADOp(context, CKG_NO_GENERATE, 0, nonce, SALT, packet, HEADER, packet + HEADER, &written, out_length,
                      tag, TAG, packet + HEADER, in_length) == SECSuccess,
          "PK11_AEADOp");
}

static void nss_protect(unsigned char *packet) {
  nss_layer(nss_contexts[0], packet, payload_length, payload_length, packet + HEADER + payload_length);
  int second = payload_length + TAG + OHB;
  nss_layer(nss_contexts[1], packet, second, second, packet + HEADER + second);
}

static void nss_unprotect(unsigned char *packet) {
  int second = payload_length + TAG + OHB;
  nss_layer(nss_contexts[1], packet, second, second, packet + HEADER + second);
  nss_layer(nss_contexts[0], packet, payload_length, payload_length, packet + HEADER + payload_length);
}

static void nss_stop(void) {
  for (int outer = 0; outer < 2; outer++) {
    PK11_DestroyContext(nss_contexts[outer], PR_TRUE);
    PK11_FreeSymKey(nss_keys[outer]);
  }
}

/* ---------------------------------------------------------------- measuring */

/* what disturbs makes batches slower, never faster: the lower quartile of them, as the driver takes it */
typedef struct {
  double nanos[MAX_BATCHES];
  int count;
  double spent;
} batches_t;

static void add_batch(batches_t *batches, double nanos) {
  batches->spent += nanos;
  batches->nanos[batches->count++] = nanos / BATCH;
}

static int is_full(const batches_t *batches, double nanos) {
  return batches->spent >= nanos || batches->count == MAX_BATCHES;
}

static int compare(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return (difference > 0) - (difference < 0);
}

static double lower_quartile(batches_t *batches) {
  qsort(batches->nanos, (size_t)batches->count, sizeof batches->nanos[0], compare);
  return batches->nanos[batches->count / 4];
}

static const peer_t PEERS[] = {
  {"libsrtp2", 2 * TAG, srtp_start, srtp_layers_protect, srtp_layers_unprotect, srtp_stop},
  {"openssl-gcm", 2 * TAG + OHB, openssl_start, openssl_protect, openssl_unprotect, openssl_stop},
  {"nss-gcm", 2 * TAG + OHB, nss_start, nss_protect, nss_unprotect, nss_stop},
};

enum { PEER_COUNT = sizeof PEERS / sizeof PEERS[0] };

static double measure_protect(const peer_t *peer, double nanos) {
  static unsigned char packet[PACKET_ROOM];
  static batches_t batches;
  unsigned sequence_number = 0;
  batches.count = 0;
  batches.spent = 0;
  write_packet(packet, 0);
  peer->start(1);
  while (!is_full(&batches, nanos)) {
    double start = now_nanos();
    for (int i = 0; i < BATCH; i++) {
      packet[2] = (unsigned char)(sequence_number >> 8);
      packet[3] = (unsigned char)sequence_number;
      sequence_number++;
      peer->protect(packet);
    }
    add_batch(&batches, now_nanos() - start);
  }
  peer->stop();
  return lower_quartile(&batches);
}

static double measure_unprotect(const peer_t *peer, unsigned char *store, double nanos) {
  static unsigned char packets[BATCH][PACKET_ROOM];
  size_t length = (size_t)(HEADER + payload_length + peer->overhead);
  static batches_t batches;
  batches.count = 0;
  batches.spent = 0;
  peer->start(1);
  for (int i = 0; i < STORE; i++) {
    unsigned char *packet = store + (size_t)i * PACKET_ROOM;
    write_packet(packet, (unsigned)i);
    write_payload(packet);
    peer->protect(packet);
  }
  peer->stop();
  int next = STORE;
  int receiving = 0;
  while (!is_full(&batches, nanos)) {
    if (next == STORE) {
      if (receiving) {
        peer->stop();
      }
      peer->start(0);
      receiving = 1;
      next = 0;
    }
    for (int i = 0; i < BATCH; i++, next++) {
      memcpy(packets[i], store + (size_t)next * PACKET_ROOM, length);
    }
    double start = now_nanos();
    for (int i = 0; i < BATCH; i++) {
      peer->unprotect(packets[i]);
    }
    add_batch(&batches, now_nanos() - start);
  }
  peer->stop();
  unsigned char expected[PACKET_ROOM];
  write_payload(expected);
  require(memcmp(packets[BATCH - 1] + HEADER, expected + HEADER, (size_t)payload_length) == 0, "decryption");
  return lower_quartile(&batches);
}

static void measure(int unprotect, double nanos, int rounds) {
  unsigned char *store = malloc((size_t)STORE * PACKET_ROOM);
  require(store != NULL, "malloc");
  memset(store, 0, (size_t)STORE * PACKET_ROOM);
  for (int round = -1; round < rounds; round++) {
    for (int i = 0; i < PEER_COUNT; i++) {
      const peer_t *peer = &PEERS[(i + (round > 0 ? round : 0)) % PEER_COUNT];
      double each = unprotect ? measure_unprotect(peer, store, nanos) : measure_protect(peer, nanos);
      if (round >= 0) {
        printf("%s %.1f\n", peer->name, each);
      }
    }
  }
  free(store);
}

static void print_inner(void) {
  unsigned char packet[PACKET_ROOM] = {0};
  int length = HEADER + payload_length;
  write_packet(packet, 1);
  write_payload(packet);
  srtp_start(1);
  require(srtp_protect(sessions[0], packet, &length) == srtp_err_status_ok, "srtp_protect");
  for (int i = 0; i < length; i++) {
    printf("%02x", packet[i]);
  }
  printf("\n");
}

int main(int count, char **arguments) {
  require(srtp_init() == srtp_err_status_ok, "srtp_init");
  require(NSS_IsInitialized() || NSS_NoDB_Init(NULL) == SECSuccess, "NSS_NoDB_Init");
  if (count == 2 && strcmp(arguments[1], "describe") == 0) {
    printf("%s, NSS %s, %s\n", srtp_get_version_string(), NSS_GetVersion(), OpenSSL_version(OPENSSL_VERSION));
  } else if (count == 3 && strcmp(arguments[1], "inner") == 0) {
    payload_length = 160;
    key_length = atoi(arguments[2]) / 8;
    print_inner();
  } else if (count == 7 && strcmp(arguments[1], "measure") == 0) {
    int unprotect = strcmp(arguments[2], "unprotect") == 0;
    payload_length = atoi(arguments[3]);
    key_length = atoi(arguments[4]) / 8;
    require(payload_length > 0 && payload_length <= PACKET_ROOM - 128, "payload");
    require(key_length == 16 || key_length == 32, "key");
    measure(unprotect, 1e6 * atof(arguments[5]), atoi(arguments[6]));
  } else {
    fprintf(stderr, "usage: peers describe | inner KEYBITS | measure OPERATION PAYLOAD KEYBITS MILLIS ROUNDS\n");
    return 2;
  }
  return 0;
}
