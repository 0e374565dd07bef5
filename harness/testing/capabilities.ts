import { type Capabilities, MESSAGES_ONLY } from '../core/capabilities.ts'

/**
 * The capabilities of a client that can do and show everything, and that recovers within 10 s of
 * scenario time.
 */
export const FULL: Capabilities = {
  collections: ['messages', 'notes'],
  update: true,
  delete: true,
  cancel: true,
  statuses: true,
  outbox: true,
  cursor: true,
  versions: true,
  allSynced: true,
  conflicts: true,
  ordered: true,
  recovery: 10_000,
}

/** The capabilities of a client that performs every action, but shows rows and nothing else. */
export const MINIMAL: Capabilities = {
  ...MESSAGES_ONLY,
  collections: FULL.collections,
  update: true,
  delete: true,
  cancel: true,
  recovery: FULL.recovery,
}
