import type { EventOf } from '../../harness/core/event.ts'
import { isFailure, REQUEST_FAILURE_WORDS } from '../../harness/core/request-failure.ts'
import { spanText } from '../../harness/core/time.ts'
import { listText, prefixed } from '../words/text.ts'
import type { EventViews } from './event-view.ts'
import { interceptionCause, interceptionNote, interceptionText } from './interception-text.ts'
import { oneLine } from './note.ts'

/** Shorter waits are not mentioned. */
const NAMED_WAIT_FROM_MS = 1000

/** Events of HTTP requests, as seen by the sender and by the server. */
export const requestEvents: EventViews<
  'request' | 'response' | 'intercepted' | 'serverReceived' | 'serverResponded'
> = {
  request: {
    describe: (event, context) =>
      context.requestLine(event.requestId) +
      prefixed(' with ', listText(event.opIds)) +
      attemptText(event),
  },
  response: {
    describe: (event, context) => {
      const request = context.requestLine(event.requestId)
      if (event.outcome === 'sent') return `has sent ${request}`
      const ending = isFailure(event.outcome)
        ? `${REQUEST_FAILURE_WORDS[event.outcome].label}: ${request}`
        : `answer ${event.status ?? ''} to ${request}`
      const cause = context.interceptionOf(event.requestId)
      const waited = `${ending}${prefixed(' after ', waitText(context.durationOf(event)))}`
      return cause ? `${waited} (${interceptionCause(cause)})` : waited
    },
    note: (event, context) =>
      isFailure(event.outcome)
        ? {
            ...oneLine(
              'bad',
              REQUEST_FAILURE_WORDS[event.outcome].label +
                prefixed(' · ', waitText(context.durationOf(event))),
            ),
            onLink: event.node,
          }
        : undefined,
  },
  intercepted: {
    describe: (event, context) => {
      const { requestId } = event
      const sender = prefixed(' from ', context.senderOf(requestId))
      return `${interceptionText(event)}: ${context.requestLine(requestId)}${sender}`
    },
    note: (event, context) => {
      const sender = context.senderOf(event.requestId)
      return sender === undefined
        ? undefined
        : { ...oneLine('warn', interceptionNote(event)), onLink: sender }
    },
  },
  serverReceived: {
    describe: ({ requestId }, context) =>
      `gets ${context.requestLine(requestId)}${prefixed(' from ', context.senderOf(requestId))}`,
  },
  serverResponded: {
    describe: ({ requestId, status }, context) =>
      `answers ${status} to ${context.requestLine(requestId)}`,
  },
}

function attemptText({ about = [] }: EventOf<'request'>): string {
  const attempt = Math.max(1, ...about.map((write) => write.attempt))
  return attempt > 1 ? `, attempt ${attempt}` : ''
}

function waitText(ms: number): string | undefined {
  return ms >= NAMED_WAIT_FROM_MS ? spanText(ms) : undefined
}
