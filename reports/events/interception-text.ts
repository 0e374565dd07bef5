import type { EventOf } from '../../harness/core/event.ts'
import type { SentBody } from '../../harness/core/interception.ts'
import { spanText } from '../../harness/core/time.ts'
import { prefixed } from '../words/text.ts'

type Interception = EventOf<'intercepted'>

/** 'answers 503 instead of the server': what the gateway did, after its name. */
export function interceptionText(event: Interception): string {
  const { act, moment, status, body, ms = 0, victim } = event
  const point = moment === 'before' ? BEFORE : AFTER
  switch (act) {
    case 'respond': {
      const sent = `answers${prefixed(' ', status)}${prefixed(' with ', body && BODY_TEXT[body])}`
      return `${sent} ${moment === 'before' ? 'instead of the server' : AFTER}`
    }
    case 'lose-response':
      return 'loses the answer'
    case 'delay':
      return `holds ${heldPart(event)} back for ${spanText(ms)}`
    case 'reset':
      return `breaks the connection ${point}`
    case 'kill':
      return `kills ${victim} ${point}`
  }
}

const BODY_TEXT: Readonly<Record<SentBody, string>> = {
  kept: "the server's body",
  cut: "half of the server's body",
  html: 'a web page',
  empty: 'an empty body',
  other: 'another text',
}
const BEFORE = 'before the server sees it'
const AFTER = 'after the server has acted'

/** 'fault: 503, not the server': the same for a note in the diagram. */
export function interceptionNote(event: Interception): string {
  const { act, moment, status = 'an answer', body, ms = 0, victim } = event
  switch (act) {
    case 'respond':
      if (body === 'html') return `fault: ${status}, a web page`
      if (body === 'cut') return `fault: ${status}, cut in half`
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
  const { act, moment, body, ms = 0, victim } = event
  const byFault = `by a fault${moment === 'before' ? '; the server never saw it' : `, ${AFTER}`}`
  switch (act) {
    case 'respond':
      return body ? `${BODY_TEXT[body]}, ${byFault}` : byFault
    case 'lose-response':
      return `a fault lost the answer, ${AFTER}`
    case 'delay':
      return `a fault held ${heldPart(event)} back for ${spanText(ms)}`
    case 'reset':
      return `broken ${byFault}`
    case 'kill':
      return `a fault killed ${victim} ${moment === 'before' ? 'when it arrived' : AFTER}`
  }
}

const heldPart = ({ moment }: Interception) => (moment === 'before' ? 'the request' : 'the answer')
