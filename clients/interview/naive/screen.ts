import type { Action, Content } from '../../../harness/core/action.ts'
import type {
  Client,
  ClientPorts,
  Identity,
  Performed,
  Settled,
  View,
} from '../../../harness/core/client.ts'
import { ChatApi, type ReceivedMessage } from '../api.ts'

/** OkHttp gives a call up by itself: its connect, read and write timeouts are 10 seconds each. */
export const CALL_TIMEOUT_MS = 10_000

/**
 * A screen and its view model. What was typed lives in memory until the call ends: a success reloads the list, a failure shows a toast
 * and the message is gone, as it is when the process dies.
 */
export class ChatScreen implements Client {
  readonly #api: ChatApi
  readonly #recorder: ClientPorts['recorder']
  readonly #sending = new Map<string, Content>()
  #listed: readonly Pick<ReceivedMessage, 'id' | 'conversation' | 'text'>[] = []
  #taps = 0

  constructor(ports: ClientPorts, identity: Identity) {
    this.#api = new ChatApi(ports.http, identity, CALL_TIMEOUT_MS)
    this.#recorder = ports.recorder
  }

  start(): void {
    void this.#load()
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
      // The input field is empty again, so the person believes that it is taken care of.
      saved: Promise.resolve({ durable: false }),
      settled: new Promise<Settled>((resolve) => {
        void this.#send(content, () => resolve({ outcome: 'acked' }))
      }),
    }
  }

  view(): View {
    const sending = [...this.#sending].map(([id, content]) => ({
      collection: 'messages',
      id,
      content,
    }))
    const listed = this.#listed.map(({ id, conversation, text }) => ({
      collection: 'messages',
      id,
      content: { conversation, text },
    }))
    return { rows: [...listed, ...sending] }
  }

  stop(): void {}

  /** After a failure nothing settles: a toast that says "not sent" is no answer, and after a timeout it may be wrong. */
  async #send(content: Content, acked: () => void): Promise<void> {
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
      acked()
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
      // The toast says "no connection"; the old list stays.
    }
  }
}
