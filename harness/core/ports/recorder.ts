import type { ClientEvent, ServerEvent } from '../event.ts'

/** Receives events from the client or server under test when they happen. Never throws. */
export interface Recorder<Event> {
  /** Records an event. The host adds time, node and place in the history. */
  emit(event: Event): void
}

/** The recorder of a client. */
export interface ClientRecorder extends Recorder<ClientEvent> {
  /**
   * Reports that the screen may have changed. Once the promise reactions that are due now have run,
   * the host reads the view, and records it if it differs from the last one.
   */
  screen(): void
}

export type ServerRecorder = Recorder<ServerEvent>
