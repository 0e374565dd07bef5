import type { Action } from '../../../harness/core/action.ts'
import type { Event, EventOf } from '../../../harness/core/event.ts'
import type { History } from '../../../harness/core/history.ts'
import { spanText } from '../../../harness/core/time.ts'
import { actionWords, quoted, textOf } from '../../words/action.ts'
import { counted } from '../../words/count.ts'
import { ENDED, type Tell } from '../../words/event.ts'
import { screenChanges } from './screen-changes.ts'

export type Sign =
  | 'clock'
  | 'check'
  | 'failed'
  | 'disk'
  | 'cross'
  | 'play'
  | 'box'
  | 'pull'
  | 'gone'
export type Tone = 'tap' | 'good' | 'bad' | 'warn' | 'plain' | 'faint'

/** Something told in words beside a lifeline (or inside the server). Arrows are not notes. */
export interface Note {
  readonly lines: readonly { readonly text: string; readonly sign?: Sign }[]
  readonly tone: Tone
  /** A device's event that belongs between device and server: how a request ended. */
  readonly onLink?: boolean
}

const STATUS: Readonly<Record<string, Sign>> = { pending: 'clock', sent: 'check', failed: 'failed' }
const MOST_ROWS = 4

/** The note that an event is drawn as; undefined for what is an arrow, a band, a line across, or nothing at all. */
export function notesOf(
  history: History,
  tell: Tell,
  evidence: ReadonlySet<number>,
): (event: Event) => Note | undefined {
  const changes = screenChanges(history)
  const opOf = (event: EventOf<'serverCommit' | 'serverOutcome' | 'ackApplied'>) =>
    ('op' in event ? event.op : undefined) ?? history.operationOf(event)?.op ?? 'a write'
  const sent = new Map(
    history.all.flatMap((event) =>
      event.type === 'request' ? [[event.req, event.t] as const] : [],
    ),
  )
  const say = (tone: Tone, text: string, sign?: Sign): Note => ({
    tone,
    lines: [{ text, ...(sign && { sign }) }],
  })

  return (event) => {
    switch (event.type) {
      case 'invoke':
        return say('tap', bubble(event.action))
      case 'localCommit':
        return say('faint', `${event.op} saved`, 'disk')
      case 'saved':
        // The transaction has just been told; the claim alone is worth a line.
        return history.operation(event.op)?.localCommit
          ? undefined
          : say(
              'warn',
              event.durable ? `says ${event.op} is saved` : `says ${event.op} is on its way`,
            )
      case 'refused':
        return say('bad', `refuses: ${event.reason}`, 'failed')
      case 'settled':
        return event.outcome === 'acked'
          ? undefined
          : say(
              'warn',
              `says ${event.op} ${event.outcome === 'rejected' ? 'was rejected' : 'lost a conflict'}`,
            )
      case 'ackApplied': {
        const op = opOf(event)
        const good = event.outcome === 'applied' || event.outcome === 'duplicate'
        return say(
          good ? 'faint' : 'warn',
          good ? `${op} confirmed` : `${op}: ${event.outcome}`,
          good ? 'disk' : 'failed',
        )
      }
      case 'cursorSaved':
        return event.rows.length === 0
          ? undefined
          : say(
              'faint',
              `pulled ${event.rows.length > 3 ? counted(event.rows.length, 'record') : event.rows.map((row) => `${row.record} ${row.deleted ? 'deleted' : `v${row.version}`}`).join(', ')}`,
              'pull',
            )
      case 'view': {
        // A look that proves something is drawn whole, others only as far as they show something new.
        const proof = evidence.has(event.seq)
        const changed = proof
          ? event.view.rows.map((row) => ({ row, removed: false }))
          : (changes.get(event.seq) ?? [])
        if (changed.length === 0) return proof ? say('plain', 'shows nothing') : undefined
        const told = changed
          .slice(0, changed.length > MOST_ROWS ? MOST_ROWS - 1 : MOST_ROWS)
          .map(({ row, removed }) => {
            const sign: Sign = removed ? 'gone' : ((row.status && STATUS[row.status]) ?? 'box')
            return { text: quoted(row.text, 120), sign }
          })
        const more = changed.length - told.length
        const tone = changed.some(({ row, removed }) => !removed && row.status === 'failed')
          ? 'bad'
          : 'plain'
        return { tone, lines: more > 0 ? [...told, { text: `and ${more} more` }] : told }
      }
      case 'serverCommit':
        return say('good', `${opOf(event)} → ${event.record} v${event.version}`, 'disk')
      case 'serverOutcome': {
        const op = opOf(event)
        if (event.outcome === 'applied') return undefined
        if (event.outcome === 'duplicate') return say('faint', `${op} is known already`)
        const verb = event.outcome === 'rejected' ? 'is rejected' : 'loses'
        return {
          tone: 'warn',
          lines: [{ text: `${op} ${verb}` }, ...(event.rule ? [{ text: event.rule }] : [])],
        }
      }
      case 'response': {
        if (event.outcome === 'response') return undefined
        const took = event.t - (sent.get(event.req) ?? event.t)
        return {
          ...say('bad', `${ENDED[event.outcome]}${took >= 1000 ? ` · ${spanText(took)}` : ''}`),
          onLink: true,
        }
      }
      case 'connectivity':
        return say('warn', event.online ? 'phone: network is there' : 'phone: no network')
      case 'doze':
      case 'clock':
        return say('warn', tell(event))
      case 'start':
        return event.incarnation === 1 ? undefined : say('good', tell(event), 'play')
      case 'crash':
        return say('bad', tell(event), 'cross')
      case 'error':
        return say('bad', event.message, 'failed')
      default:
        return undefined
    }
  }
}

/** What a person typed, with the record's name where they had to choose one; what they did otherwise, in words. */
function bubble(action: Action): string {
  if (action.type === 'create' && action.collection === 'messages')
    return textOf(action.content.text)
  return action.type === 'create' || action.type === 'update'
    ? `${action.record}: ${textOf(action.content.text)}`
    : actionWords(action, 120)
}
