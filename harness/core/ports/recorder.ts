import type { ClientEvent, ServerEvent } from '../event.ts'

/** Where the thing under test says what it did, as it does it. The host stamps time, node and order. */
export interface Recorder<Event> {
  emit(event: Event): void
}

export interface ClientRecorder extends Recorder<ClientEvent> {
  /** What the person sees has changed (or may have): the host looks at the view once this turn is over. */
  screen(): void
}

export type ServerRecorder = Recorder<ServerEvent>
