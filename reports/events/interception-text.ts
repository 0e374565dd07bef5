import type { EventOf } from '../../harness/core/event.ts'
import { spanText } from '../../harness/core/time.ts'

type Interception = EventOf<'intercepted'>

/** 'answers 503 instead of the server': what the gateway did, after its name. */
export function interceptionText(event: Interception): string {
  const { act, moment, status, ms = 0, victim } = event
  switch (act) {
    case 'respond':
      return `answers ${status} ${moment === 'before' ? 'instead of the server' : AFTER}`
    case 'lose-response':
      return 'loses the answer'
    case 'delay':
      return `holds ${heldPart(event)} back for ${spanText(ms)}`
    case 'reset':
      return `breaks the connection ${moment === 'before' ? BEFORE : AFTER}`
    case 'kill':
      return `kills ${victim} ${moment === 'before' ? BEFORE : AFTER}`
  }
}

const BEFORE = 'before the server sees it'
const AFTER = 'after the server has acted'

/** 'fault: 503, not the server': the same for a note in the diagram. */
export function interceptionNote(event: Interception): string {
  const { act, moment, status, ms = 0, victim } = event
  switch (act) {
    case 'respond':
      return moment === 'before' ? `fault: ${status}, not the server` : `fault: ${status} instead`
    case 'lose-response':
      return 'fault: answer lost'
    case 'delay':
      return `fault: holds ${heldPart(event)} ${spanText(ms)}`
    case 'reset':
      return 'fault: breaks the connection'
    case 'kill':
      return `fault: kills ${victim}`
  }
}

/** 'by a fault; the server never saw it': the same as the cause of how a request ended. */
export function interceptionCause(event: Interception): string {
  const { act, moment, ms = 0, victim } = event
  const when = moment === 'before' ? 'the server never saw it' : AFTER
  switch (act) {
    case 'respond':
      return moment === 'before' ? `by a fault; ${when}` : `by a fault, ${when}`
    case 'lose-response':
      return `a fault lost the answer, ${when}`
    case 'delay':
      return `a fault held ${heldPart(event)} back for ${spanText(ms)}`
    case 'reset':
      return `broken by a fault${moment === 'before' ? '; ' : ', '}${when}`
    case 'kill':
      return `a fault killed ${victim} ${moment === 'before' ? 'when it arrived' : AFTER}`
  }
}

const heldPart = ({ moment }: Interception) => (moment === 'before' ? 'the request' : 'the answer')
