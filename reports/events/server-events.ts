import type { EventOf } from '../../harness/core/event.ts'
import { quote, singular } from '../words/action.ts'
import { countText, prefixed, shortList } from '../words/text.ts'
import type { EventViews } from './event-view.ts'
import { type Note, oneLine } from './note.ts'

/** Events recorded inside the server, and its final state. */
export const serverEvents: EventViews<'serverCommit' | 'serverOutcome' | 'serverState'> = {
  serverCommit: {
    describe: (event, context) =>
      event.derived
        ? holdingText(event, context.operationId(event))
        : `commits ${context.nameOf(event)} as #${event.position}: ` +
          `${singular(event.collection)} ${event.record} v${event.version}` +
          `${event.recovered ? ', found after a crash' : ''}`,
    note: (event, context) => {
      const opId = context.operationId(event)
      return event.derived
        ? oneLine('good', holdingNote(event, opId), 'disk')
        : oneLine('good', `${opId ?? 'a write'} → ${event.record} v${event.version}`, 'disk')
    },
  },
  serverOutcome: {
    describe: (event, context) => {
      const decision = DECISION_TEXT[event.outcome](context.nameOf(event), event.rule)
      return event.winner === undefined
        ? decision
        : `${decision}; ${context.nameOfKey(event.winner)} stands`
    },
    note: (event, context) =>
      DECISION_NOTE[event.outcome]?.(context.operationId(event) ?? 'a write', event.rule),
  },
  serverState: {
    describe: ({ rows }) => {
      const live = rows.filter(({ deleted }) => !deleted)
      if (live.length === 0) return 'holds nothing'
      const rowTexts = live.map((row) => `${row.record} v${row.version} ${quote(row.text, 24)}`)
      return `holds ${countText(live.length, 'record')}: ${shortList(rowTexts)}`
    },
  },
}

type Commit = EventOf<'serverCommit'>

/**
 * 'holds message m1 v1 (ana-1)': the words for a commit that was derived. The server did not report
 * it, so only what its dump shows is stated.
 */
function holdingText(event: Commit, opId: string | undefined): string {
  const { write, collection, record, version, twin = 0, recovered } = event
  const row = `${singular(collection)} ${record}`
  const held = write === 'delete' ? `no longer holds ${row}` : `holds ${row} v${version}`
  const place = twin > 0 ? ` in row ${twin + 1} of this name` : ''
  const name = opId === undefined ? '' : ` (${opId})`
  return `${held}${place}${name}${recovered ? ', found when it started' : ''}`
}

function holdingNote({ write, record, version }: Commit, opId: string | undefined): string {
  const held = write === 'delete' ? `no ${record}` : `holds ${record} v${version}`
  return `${held}${prefixed(' · ', opId)}`
}

type Outcome = EventOf<'serverOutcome'>['outcome']

const DECISION_TEXT: Readonly<Record<Outcome, (opId: string, rule?: string) => string>> = {
  applied: (opId) => `takes ${opId}`,
  duplicate: (opId) => `knows ${opId} already, does not do it again`,
  conflict: (opId, rule) => `${opId} loses${rule ? ` by ${rule}` : ' a conflict'}`,
  rejected: (opId, rule) => `rejects ${opId}${prefixed(': ', rule)}`,
}

/** An applied write has the note of its commit. */
const DECISION_NOTE: Readonly<Partial<Record<Outcome, (opId: string, rule?: string) => Note>>> = {
  duplicate: (opId) => oneLine('faint', `${opId} is known already`),
  conflict: (opId, rule) => lostNote(`${opId} loses`, rule),
  rejected: (opId, rule) => lostNote(`${opId} is rejected`, rule),
}

function lostNote(text: string, rule: string | undefined): Note {
  return { tone: 'warn', lines: [{ text }, ...(rule ? [{ text: rule }] : [])] }
}
