import type { ClientEvent, ServerEvent } from '../event.ts'

/** Takes events from the thing under test, at the moment they happen. Never throws. */
export interface Recorder<Event> {
  /** Records an event. The host adds time, node and place in the history. */
  emit(event: Event): void
}

/** The recorder of a client. */
export interface ClientRecorder extends Recorder<ClientEvent> {
  /**
   * Reports that the screen has changed, or may have. The host reads the view once the promise
   * reactions that are due now have run, and records it if it differs from the last one.
   */
  screen(): void
}

export type ServerRecorder = Recorder<ServerEvent>
