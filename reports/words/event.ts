import type { Event, EventOf, ShownRow } from '../../harness/core/event.ts'
import type { History } from '../../harness/core/history.ts'
import { spanText } from '../../harness/core/time.ts'
import { actionWords, one, quoted } from './action.ts'
import { counted, listed } from './count.ts'

/** What an event says, in a few words that follow the node's name: "ana · sends ‘Hello’", "server · commits ana-1: message m1 v1". */
export type Tell = (event: Event) => string

export const STATUS_SIGN: Readonly<Record<string, string>> = {
  pending: '◷',
  sent: '✓',
  failed: '✗',
}

export const ENDED: Readonly<Record<Exclude<EventOf<'response'>['outcome'], 'response'>, string>> =
  {
    refused: 'connection refused',
    reset: 'connection reset',
    cut: 'answer cut off',
    timeout: 'no answer in time',
    aborted: 'given up',
  }

const PHASES: Readonly<Record<EventOf<'phase'>['phase'], string>> = {
  act: 'the story begins',
  heal: 'everything is healed',
  settle: 'the system comes to rest',
  read: 'every screen and the server are read',
  probe: 'what would unstick it is tried',
  end: 'the end',
}

/** The words for one history's events; keys and requests are named after the operations they stand for. */
export function teller(history: History): Tell {
  const sent = new Map(
    history.all.flatMap((event) => (event.type === 'request' ? [[event.req, event] as const] : [])),
  )
  const named = (event: EventOf<'serverCommit' | 'serverOutcome' | 'ackApplied'>) =>
    ('op' in event ? event.op : undefined) ??
    history.operationOf(event)?.op ??
    (event.key === undefined ? 'a write' : keyWords(event.key))
  const winnerNamed = (key: string) => history.operationOfKey(key)?.op ?? keyWords(key)
  const call = (req: string | undefined) => {
    const request = req === undefined ? undefined : sent.get(req)
    return request ? `${request.method} ${request.path.split('?')[0]}` : 'a request'
  }
  const after = (event: EventOf<'response'>) => {
    const request = sent.get(event.req)
    return request && event.t - request.t >= 1000 ? ` after ${spanText(event.t - request.t)}` : ''
  }

  return (event) => {
    switch (event.type) {
      case 'invoke':
        return `${actionWords(event.action)} (${event.op})`
      case 'saved':
        return `is told that ${event.op} is ${event.durable ? 'saved' : 'taken'}`
      case 'refused':
        return `is told that ${event.op} is refused: ${event.reason}`
      case 'settled': {
        const end = {
          acked: 'delivered',
          rejected: 'rejected',
          conflict: 'beaten by another write',
        }[event.outcome]
        return `is told that ${event.op} is ${end}${event.reason ? `: ${event.reason}` : ''}`
      }
      case 'localCommit':
        return `${event.op} is on disk, revision ${event.rev}`
      case 'request': {
        const attempts = (event.about ?? []).map(({ attempt }) => attempt)
        const attempt = attempts.length > 0 ? Math.max(...attempts) : 1
        return `${call(event.req)}${event.ops.length > 0 ? ` with ${listed(event.ops)}` : ''}${attempt > 1 ? `, attempt ${attempt}` : ''}`
      }
      case 'response':
        return event.outcome === 'response'
          ? `answer ${event.status ?? ''} to ${call(event.req)}${after(event)}`
          : `${ENDED[event.outcome]}: ${call(event.req)}${after(event)}`
      case 'serverReceived': {
        const from = sent.get(event.req)?.node
        return `gets ${call(event.req)}${from === undefined ? '' : ` from ${from}`}`
      }
      case 'serverResponded':
        return `answers ${event.status} to ${call(event.req)}`
      case 'serverCommit':
        return `commits ${named(event)} as #${event.position}: ${one(event.collection)} ${event.record} v${event.version}${event.recovered ? ', found after a crash' : ''}`
      case 'serverOutcome':
        return `${outcomeWords(event, named(event))}${event.winner === undefined ? '' : `; ${winnerNamed(event.winner)} stands`}`
      case 'ackApplied':
        return `takes in the answer for ${named(event)}: ${event.outcome}${event.version === undefined ? '' : `, v${event.version}`}`
      case 'cursorSaved':
        return `has pulled through #${event.cursor}${event.rows.length > 0 ? `: ${shortList(event.rows.map((row) => `${row.record} ${row.deleted ? 'deleted' : `v${row.version}`}`))}` : ''}`
      case 'view':
        return `shows ${rowsWords(event.view.rows)}${event.view.allSynced ? ', “all synced”' : ''}`
      case 'serverState': {
        const live = event.rows.filter((row) => !row.deleted)
        return live.length === 0
          ? 'holds nothing'
          : `holds ${counted(live.length, 'record')}: ${shortList(live.map((row) => `${row.record} v${row.version} ${quoted(row.text, 24)}`))}`
      }
      case 'fault':
        return event.on ? `${event.says}` : `over: ${event.says}`
      case 'phase':
        return PHASES[event.phase]
      case 'connectivity':
        return event.online ? 'the phone says: network is there' : 'the phone says: no network'
      case 'doze':
        return event.dozing ? 'the phone dozes off' : 'the phone wakes up'
      case 'clock':
        return event.by === 0
          ? 'the clock is right again'
          : `the clock is ${spanText(Math.abs(event.by))} ${event.by > 0 ? 'ahead' : 'behind'}`
      case 'start':
        return event.incarnation === 1 ? 'starts' : `starts again (life ${event.incarnation})`
      case 'crash':
        return event.by === 'scenario'
          ? 'is killed'
          : `falls over${event.message ? `: ${event.message}` : ''}`
      case 'error':
        return `lets an error escape: ${event.message}`
    }
  }
}

const keyWords = (key: string) => `key ${key.slice(0, 13)}`

function outcomeWords(event: EventOf<'serverOutcome'>, op: string): string {
  switch (event.outcome) {
    case 'applied':
      return `takes ${op}`
    case 'duplicate':
      return `knows ${op} already, does not do it again`
    case 'conflict':
      return `${op} loses${event.rule ? ` by ${event.rule}` : ' a conflict'}`
    case 'rejected':
      return `rejects ${op}${event.rule ? `: ${event.rule}` : ''}`
  }
}

function rowsWords(rows: readonly ShownRow[]): string {
  if (rows.length === 0) return 'nothing'
  return shortList(
    rows.map((row) => `${row.status ? `${STATUS_SIGN[row.status]} ` : ''}${quoted(row.text, 30)}`),
  )
}

function shortList(items: readonly string[]): string {
  return items.length <= 4
    ? items.join(', ')
    : `${items.slice(0, 3).join(', ')} and ${items.length - 3} more`
}
