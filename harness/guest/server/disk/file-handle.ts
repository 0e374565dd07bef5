import { EventEmitter } from 'node:events'
import type { SyncFs } from './sync-fs.ts'

interface Caller {
  call(name: keyof SyncFs, args: readonly unknown[]): Promise<unknown>
}

/** As the FileHandle of node:fs/promises. */
export class FileHandle extends EventEmitter {
  readonly #caller: Caller
  fd: number

  constructor(fd: number, caller: Caller) {
    super()
    this.fd = fd
    this.#caller = caller
  }

  async close(): Promise<void> {
    if (this.fd === -1) return
    const { fd } = this
    this.fd = -1
    await this.#caller.call('close', [fd])
    this.emit('close')
  }

  async read(first?: unknown, ...rest: unknown[]) {
    const isBuffer = ArrayBuffer.isView(first)
    const options = (isBuffer ? undefined : first) as { readonly buffer?: Uint8Array } | undefined
    const buffer = isBuffer ? first : (options?.buffer ?? Buffer.alloc(16_384))
    const args = isBuffer ? rest : [options ?? {}]
    const bytesRead = await this.#call('read', [buffer, ...args])
    return { bytesRead, buffer }
  }

  async readv(buffers: readonly Uint8Array[], position?: unknown) {
    return { bytesRead: await this.#call('readv', [buffers, position]), buffers }
  }

  async write(buffer: unknown, ...args: unknown[]) {
    return { bytesWritten: await this.#call('write', [buffer, ...args]), buffer }
  }

  async writev(buffers: readonly Uint8Array[], position?: unknown) {
    return { bytesWritten: await this.#call('writev', [buffers, position]), buffers }
  }

  readFile(options?: unknown) {
    return this.#call('readFile', [options])
  }

  writeFile(data: unknown, options?: unknown) {
    return this.#call('writeFile', [data, options])
  }

  appendFile(data: unknown, options?: unknown) {
    return this.#call('appendFile', [data, options])
  }

  stat(options?: unknown) {
    return this.#call('fstat', [options])
  }

  truncate(size?: number) {
    return this.#call('ftruncate', [size])
  }

  sync() {
    return this.#call('fsync', [])
  }

  datasync() {
    return this.#call('fdatasync', [])
  }

  chmod(mode: unknown) {
    return this.#call('fchmod', [mode])
  }

  chown() {
    return this.#call('fchown', [])
  }

  utimes(accessed: unknown, modified: unknown) {
    return this.#call('futimes', [accessed, modified])
  }

  async *readLines(): AsyncGenerator<string> {
    const text = String(await this.readFile('utf8'))
    yield* text.replace(/\r?\n$/, '').split(/\r?\n/)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #call(name: keyof SyncFs, args: readonly unknown[]): Promise<unknown> {
    return this.#caller.call(name, [this.fd, ...args])
  }
}
