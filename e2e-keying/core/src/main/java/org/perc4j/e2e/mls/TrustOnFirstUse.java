/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import org.perc4j.e2e.mls.Acquaintance.Standing;

/**
 * Accepts a name that its store does not know, and has it remembered with its key when its holder
 * is a member; from then on accepts the keys that the store knows of the name, and others as {@link
 * WhenChanged} says. Protects against everybody but whoever interferes with the first conference:
 * let people compare a {@link VerificationCode} there.
 *
 * <p>Unknown names are refused when the store is full. Thread-safe; nothing here reads or writes
 * the store's file. One validator may serve all conferences of a process.
 */
public final class TrustOnFirstUse implements CredentialValidator {
  /** What to do if a known name comes with a key that is not known. */
  public enum WhenChanged {
    /** Refuse it, until somebody has accepted the key or forgotten the name. */
    REFUSE,
    /**
     * Accept it, as messengers do, unless the name has a key that was verified. <b>People have to
     * be told</b> that its standing is {@link Standing#CHANGED}: a session says so when its holder
     * becomes a member, and the application shows it. The key is not remembered.
     */
    TELL
  }

  private final Acquaintances store;
  private final WhenChanged whenChanged;

  /**
   * A validator that uses a store.
   *
   * @param store whom it has met; to be closed by the caller, if it needs that
   */
  public TrustOnFirstUse(Acquaintances store, WhenChanged whenChanged) {
    this.store = store;
    this.whenChanged = whenChanged;
  }

  @Override
  public void check(LeafCredential credential) throws RefusedException {
    Acquaintance acquaintance = store.standing(credential);
    if (acquaintance.firstMet() == null && store.isFull()) {
      throw new RefusedException(
          RefusedException.Reason.CREDENTIAL,
          credential.name() + " is not known, and no more names can be remembered");
    }
    if (acquaintance.standing() == Standing.CHANGED
        && (whenChanged == WhenChanged.REFUSE || acquaintance.isChangeOfVerified())) {
      throw new RefusedException(
          RefusedException.Reason.CREDENTIAL,
          credential.name()
              + " had the key "
              + String.join(
                  " or ",
                  store.keys(credential.name()).stream().map(KnownKey::fingerprint).toList())
              + " before and comes with "
              + credential.fingerprint());
    }
  }

  @Override
  public Standing standing(LeafCredential credential) {
    return store.standing(credential).standing();
  }

  /** Has the store remember the holder's key, if its name was not known. */
  @Override
  public void adopted(LeafCredential credential) {
    store.met(credential);
  }
}
