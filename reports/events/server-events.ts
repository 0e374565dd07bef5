import type { EventOf } from '../../harness/core/event.ts'
import { quote, singular } from '../words/action.ts'
import { countText, prefixed, shortList } from '../words/text.ts'
import type { EventViews } from './event-view.ts'
import { type Note, oneLine } from './note.ts'

/** Events recorded inside the server, and its final state. */
export const serverEvents: EventViews<'serverCommit' | 'serverOutcome' | 'serverState'> = {
  serverCommit: {
    describe: (event, context) =>
      `commits ${context.nameOf(event)} as #${event.position}: ` +
      `${singular(event.collection)} ${event.record} v${event.version}` +
      `${event.recovered ? ', found after a crash' : ''}`,
    note: (event, context) => {
      const opId = context.operationId(event) ?? 'a write'
      return oneLine('good', `${opId} → ${event.record} v${event.version}`, 'disk')
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
