import type { Draft } from '../core/build.ts'

/** Creates a note, which has the name `note` on every device. */
export function writeNote(device: string, note: string, text: string): Draft {
  return { device, type: 'create', collection: 'notes', as: note, content: { text } }
}

/** Replaces the text of a note. */
export function editNote(device: string, note: string, text: string): Draft {
  return { device, type: 'update', collection: 'notes', record: note, content: { text } }
}

/** Deletes a note. */
export function deleteNote(device: string, note: string): Draft {
  return { device, type: 'delete', collection: 'notes', record: note }
}
