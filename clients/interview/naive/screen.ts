import type { Action, Content } from '../../../harness/core/action.ts'
import type {
  Client,
  ClientPorts,
  Identity,
  Performed,
  Settled,
  View,
  ViewRow,
} from '../../../harness/core/client.ts'
import type { Timer } from '../../../harness/core/ports/clock.ts'
import { ChatApi, type ReceivedMessage } from '../api.ts'

/** OkHttp's default: its connect, read and write timeouts are 10 seconds each. */
export const CALL_TIMEOUT_MS = 10_000
/** The wait between two looks for news while the screen is open. */
export const POLL_MS = 10_000

/**
 * A screen and its view model. A message is kept in memory until its call completes. Success
 * reloads the list; failure shows a toast and loses the message, and so does a kill. While the
 * screen is open, the list is reloaded every 10 seconds.
 */
export class ChatScreen implements Client {
  readonly #api: ChatApi
  readonly #clock: ClientPorts['clock']
  readonly #recorder: ClientPorts['recorder']
  readonly #sending = new Map<string, Content>()
  #listed: readonly Pick<ReceivedMessage, 'id' | 'conversation' | 'text'>[] = []
  #taps = 0
  #poll: Timer | undefined

  constructor(ports: ClientPorts, identity: Identity) {
    this.#api = new ChatApi(ports, identity, CALL_TIMEOUT_MS)
    this.#clock = ports.clock
    this.#recorder = ports.recorder
  }

  start(): void {
    void this.#load().then(() => {
      this.#poll = this.#clock.after(POLL_MS, () => this.start())
    })
  }

  perform(action: Action): Performed {
    if (action.type === 'refresh') {
      void this.#load()
      return { saved: Promise.resolve({ durable: false }) }
    }
    if (action.type !== 'create' || action.collection !== 'messages') {
      return { saved: Promise.resolve({ refused: 'this app can only send messages' }) }
    }
    const { content } = action
    return {
      // The input field is cleared, so the user believes that the message was accepted.
      saved: Promise.resolve({ durable: false }),
      settled: new Promise<Settled>((resolve) => {
        void this.#send(content, () => resolve({ outcome: 'acked' }))
      }),
    }
  }

  view(): View {
    const listed = this.#listed.map(({ id, conversation, text }) =>
      rowOf(id, { conversation, text }),
    )
    const sending = [...this.#sending].map(([id, content]) => rowOf(id, content))
    return { rows: [...listed, ...sending] }
  }

  stop(): void {
    this.#poll?.cancel()
  }

  /** Reports no outcome after a failure: a toast "not sent" may be wrong after a timeout. */
  async #send(content: Content, onAcked: () => void): Promise<void> {
    const message = {
      conversation: String(content.conversation ?? ''),
      text: String(content.text ?? ''),
    }
    this.#taps += 1
    const id = `sending-${this.#taps}`
    this.#sending.set(id, message)
    this.#recorder.screen()
    try {
      const sent = await this.#api.send(message)
      this.#sending.delete(id)
      this.#listed = [...this.#listed, { id: sent.id, ...message }]
      onAcked()
    } catch {
      this.#sending.delete(id)
      this.#recorder.screen()
      return
    }
    this.#recorder.screen()
    await this.#load()
  }

  async #load(): Promise<void> {
    try {
      this.#listed = await this.#api.list(0)
      this.#recorder.screen()
    } catch {
      // The toast shows "no connection"; the old list stays.
    }
  }
}

function rowOf(id: string, content: Content): ViewRow {
  return { collection: 'messages', id, content }
}
