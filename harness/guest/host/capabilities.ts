import { type Capabilities, MESSAGES_ONLY } from '../../core/capabilities.ts'
import type { AboutGuest } from '../guest.ts'

/**
 * The capabilities of a guest that states none: it keeps messages and notes, which can be edited
 * and deleted, and shows nothing but its rows.
 */
export const GUEST_CAPABILITIES: Capabilities = {
  ...MESSAGES_ONLY,
  collections: ['messages', 'notes'],
  update: true,
  delete: true,
  recovery: 60_000,
  browser: true,
}

/** Returns the capabilities that a guest states, on top of {@link GUEST_CAPABILITIES}. */
export function guestCapabilities(about: AboutGuest): Capabilities {
  const { name: _name, title: _title, durable: _durable, ...stated } = about
  return { ...GUEST_CAPABILITIES, ...stated }
}
