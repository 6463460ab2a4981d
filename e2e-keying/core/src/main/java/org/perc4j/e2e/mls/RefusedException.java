/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import org.jspecify.annotations.Nullable;

/** Something from the network was refused. Nothing was changed by it. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1;

  /** Why. */
  public enum Reason {
    /** Longer than it may be. */
    TOO_LARGE,
    /** More of its kind, or by its sender, than is read in a short time. */
    TOO_OFTEN,
    /** Not what it claims to be: lengths, types or values that do not fit, or octets left over. */
    MALFORMED,
    /** Well formed, but uses something that this implementation does not allow. */
    UNSUPPORTED,
    /** Meant for another group. */
    OTHER_GROUP,
    /** Meant for an epoch that has passed. */
    PAST_EPOCH,
    /** Meant for an epoch that was not reached yet: something was missed. */
    FUTURE_EPOCH,
    /** A signature, tag or hash does not match. */
    NOT_AUTHENTIC,
    /** Meant for somebody else. */
    NOT_FOR_US,
    /** The tree that it came with is not one that a group can have. */
    INVALID_TREE,
    /** A credential does not prove who its holder is, or its holder is not accepted. */
    CREDENTIAL,
    /** A credential, or the signature key that it vouches for, changed hands. */
    CREDENTIAL_CHANGED,
    /** Two members would have the same occupant or keys. */
    DUPLICATE,
    /** A key package that was used before. */
    KEY_PACKAGE_REUSED,
    /** Not valid yet, not valid any more, or valid for longer than anything may be. */
    LIFETIME,
    /** Somebody would be removed who has not left. */
    EVICTION,
    /** The group would have more members than it may. */
    GROUP_FULL,
    /** Most members of a group are not in the room. */
    ABANDONED,
    /** Nobody asked for it, or not now. */
    UNASKED
  }

  private final Reason reason;
  private final String detail;
  private final @Nullable String notAccepted;

  /**
   * A refusal.
   *
   * @param detail for people; without secrets
   */
  public RefusedException(Reason reason, String detail) {
    this(reason, detail, null);
  }

  private RefusedException(Reason reason, String detail, @Nullable String notAccepted) {
    super(reason + ": " + detail);
    this.reason = reason;
    this.detail = detail;
    this.notAccepted = notAccepted;
  }

  /** Returns this refusal as one of somebody whom the validator does not accept. */
  RefusedException of(LeafCredential credential) {
    RefusedException refusal = new RefusedException(reason, detail, credential.fingerprint());
    refusal.initCause(this);
    return refusal;
  }

  /** Returns why. */
  public Reason reason() {
    return reason;
  }

  /** Returns what the message says without the reason. */
  String detail() {
    return detail;
  }

  /**
   * Returns whom the validator does not accept, if that is why: the fingerprint of an identity that
   * proved to have its key; else null.
   */
  public @Nullable String notAccepted() {
    return notAccepted;
  }
}
