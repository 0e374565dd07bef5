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
  /**
   * Says why the client did something, or did not do it: 'KEEP: SendMessages is running, request
   * dropped'. The remark stands in the device's lane of the report, and can be evidence.
   *
   * @param about the operation that the remark is about, if it is about one
   */
  note(text: string, about?: { readonly opId: string }): void
}

export type ServerRecorder = Recorder<ServerEvent>
