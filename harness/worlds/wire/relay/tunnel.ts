import type { Socket } from 'node:net'
import { reset } from './secured.ts'

/** Receives what happens on a connection that no longer speaks HTTP. */
export interface TunnelListener {
  /** The sender has sent bytes. Pass them on with `toServer`, at once or later. */
  fromSender(bytes: Buffer): void
  /** The server has sent bytes. Pass them on with `toSender`, at once or later. */
  fromServer(bytes: Buffer): void
  /** The sender's connection is over. Call `endServer` once everything is passed on. */
  senderEnded(wasReset: boolean): void
  /** The server's connection is over. Call `endSender` once everything is passed on. */
  serverEnded(wasReset: boolean): void
}

/**
 * Carries the bytes of a connection that has been upgraded, in both directions. A side that does
 * not read fast enough slows down the other.
 */
export class Tunnel {
  readonly #sender: Socket
  readonly #server: Socket
  readonly #onHeld: (bytes: number) => void
  #held = 0
  #listener: TunnelListener | undefined
  #isSenderOver = false
  #isServerOver = false
  /** The reasons for which a side is not read. */
  readonly #pausedSender = new Set<string>()
  readonly #pausedServer = new Set<string>()

  /** `onHeld` is called with the bytes that wait in addition, or that no longer wait (negative). */
  constructor(sender: Socket, server: Socket, onHeld: (bytes: number) => void) {
    this.#sender = sender
    this.#server = server
    this.#onHeld = onHeld
  }

  /** Begins to carry bytes, with those that have arrived already. */
  begin(listener: TunnelListener, fromSender: Buffer, fromServer: Buffer): void {
    this.#listener = listener
    if (fromServer.length > 0) listener.fromServer(fromServer)
    if (fromSender.length > 0) listener.fromSender(fromSender)
    this.#sender.on('data', (bytes: Buffer) => listener.fromSender(bytes))
    this.#sender.resume()
    this.#sender.on('end', () => this.senderClosed(false))
    this.#sender.on('drain', () => this.resumeServer('full'))
    this.#server.on('data', (bytes: Buffer) => listener.fromServer(bytes))
    this.#server.on('drain', () => this.resumeSender('full'))
    if (this.#sender.readableEnded) this.senderClosed(false)
  }

  /** Calls `done` when the bytes are on their way; never if the connection breaks before. */
  toServer(bytes: Uint8Array, done?: () => void): void {
    if (this.#isServerOver) return
    const hasRoom = this.#server.write(bytes, (error) => {
      if (!error) done?.()
    })
    if (!hasRoom) this.pauseSender('full')
  }

  toSender(bytes: Uint8Array): void {
    if (!this.#sender.destroyed && !this.#sender.write(bytes)) this.pauseServer('full')
  }

  /** Reads nothing more from the sender, until every reason is gone. */
  pauseSender(reason: string): void {
    this.#pausedSender.add(reason)
    this.#sender.pause()
  }

  resumeSender(reason: string): void {
    if (this.#pausedSender.delete(reason) && this.#pausedSender.size === 0) this.#sender.resume()
  }

  /** Reads nothing more from the server, until every reason is gone. */
  pauseServer(reason: string): void {
    this.#pausedServer.add(reason)
    this.#server.pause()
  }

  resumeServer(reason: string): void {
    if (this.#pausedServer.delete(reason) && this.#pausedServer.size === 0) this.#server.resume()
  }

  /** Must be called with the bytes that wait to be passed on: too many break the connection. */
  hold(bytes: number): void {
    if (this.#isOver) return
    this.#held += bytes
    this.#onHeld(bytes)
  }

  /** Breaks the sender's connection. */
  break(): void {
    this.#sender.destroy()
  }

  /** Closes the sender's connection as the server's was. */
  endSender(wasReset: boolean): void {
    if (wasReset) reset(this.#sender)
    else this.#sender.destroySoon()
  }

  /** Closes the server's connection as the sender's was. */
  endServer(wasReset: boolean): void {
    if (wasReset) this.#server.resetAndDestroy()
    else this.#server.destroySoon()
  }

  /** Must be called when the sender's connection is closed. */
  senderClosed(wasReset: boolean): void {
    if (this.#isSenderOver) return
    this.#isSenderOver = true
    // The bytes that the server still sends reach nobody, and must not keep its connection open.
    this.#pausedServer.clear()
    this.#server.resume()
    this.#listener?.senderEnded(wasReset)
    this.#release()
  }

  /** Must be called when the server's connection is closed. */
  serverClosed(wasReset: boolean): void {
    if (this.#isServerOver) return
    this.#isServerOver = true
    this.#listener?.serverEnded(wasReset)
    this.#release()
  }

  get #isOver(): boolean {
    return this.#isSenderOver && this.#isServerOver
  }

  #release(): void {
    if (!this.#isOver) return
    this.#onHeld(-this.#held)
    this.#held = 0
  }
}
