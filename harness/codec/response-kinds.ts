import { headerOf, type ResponseHead } from './http1-head.ts'

/** Returns true if the response goes on for as long as its connection. */
export function isEventStream({ headers }: ResponseHead): boolean {
  return /^text\/event-stream\b/i.test(headerOf(headers, 'content-type') ?? '')
}

/** Returns true if the 101 begins a WebSocket connection. */
export function isWebSocket({ headers }: ResponseHead): boolean {
  return /^websocket$/i.test(headerOf(headers, 'upgrade') ?? '')
}

/** Returns true if the head of the real response follows. */
export function isInterim({ status }: ResponseHead): boolean {
  return status < 200 && status !== 101
}
