import type { Content } from './action.ts'
import type { View } from './client.ts'
import type { ServerEvent, ShownView } from './event.ts'
import { payloadHash } from './hash.ts'
import { markIn, withoutMark } from './mark.ts'
import type { ServerDump } from './server.ts'

/** The most characters of a text that a history keeps. */
const TEXT_LENGTH_MAX = 120

interface Payload {
  readonly opId?: string
  readonly hash?: string
  readonly text?: string
}

/** Caches payloads: views are read far more often than rows change, and hashing is slow. */
const knownPayloads = new WeakMap<Content, Payload>()

/**
 * Returns a payload as a history keeps it: the operation that wrote it, a hash, and the beginning
 * of the text.
 */
export function observePayload(content: Content | undefined): Payload {
  if (content === undefined) return {}
  const known = knownPayloads.get(content)
  if (known) return known
  const payload = payloadOf(content)
  if (Object.isFrozen(content)) knownPayloads.set(content, payload)
  return payload
}

function payloadOf(content: Content): Payload {
  const marker = markIn(content)
  const text = withoutMark(String(content.text ?? ''))
  return {
    ...(marker && { opId: marker.opId }),
    hash: payloadHash(content),
    text: text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX)}…` : text,
  }
}

/** A client's view as a history keeps it. */
export function observeView(view: View): ShownView {
  return {
    rows: view.rows.map(({ collection, id, record, content, status, version }) => ({
      collection,
      record: record ?? markIn(content)?.record ?? id,
      id,
      ...observePayload(content),
      ...(status !== undefined && { status }),
      ...(version !== undefined && { version }),
    })),
    ...(view.conflicts && {
      conflicts: view.conflicts.map(({ collection, record, content }) => ({
        collection,
        record,
        ...observePayload(content),
      })),
    }),
    ...(view.pending !== undefined && { pending: view.pending }),
    ...(view.failed !== undefined && { failed: view.failed }),
    ...(view.allSynced !== undefined && { allSynced: view.allSynced }),
    ...(view.outbox && {
      outbox: view.outbox.map(({ content, ...entry }) => ({
        ...entry,
        ...observePayload(content),
      })),
    }),
  }
}

/** Returns a server's dump as a history keeps it. */
export function observeDump(dump: ServerDump): Extract<ServerEvent, { type: 'serverState' }> {
  return {
    type: 'serverState',
    epoch: dump.epoch,
    position: dump.position,
    rows: dump.rows.map(({ content, ...row }) => ({ ...row, ...observePayload(content) })),
    ...(dump.conflicts && {
      conflicts: dump.conflicts.map(({ content, ...conflict }) => ({
        ...conflict,
        ...observePayload(content),
      })),
    }),
  }
}
