import type { Capabilities } from '../core/capabilities.ts'

/**
 * Capabilities of a client that can do and show everything. Recovers within 10 s of scenario time.
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

/** Capabilities of a client that shows rows and nothing else. */
export const MINIMAL: Capabilities = {
  ...FULL,
  statuses: false,
  outbox: false,
  cursor: false,
  versions: false,
  allSynced: false,
  conflicts: false,
  ordered: false,
}
