import type { OpenFlags } from './arguments.ts'
import type { Disk } from './disk.ts'
import { fsError } from './fs-error.ts'
import type { FileNode } from './node.ts'

/** Files that are opened get numbers from here on: the machine's own are smaller. */
const FIRST = 1000

interface OpenFile {
  readonly path: string
  readonly flags: OpenFlags
  node: FileNode
  /** The place of the next byte. */
  position: number
}

/** Prints what is written to stdout (1) and stderr (2). */
export type Print = (fd: 1 | 2, bytes: Uint8Array) => void

/** The files that one incarnation has opened. */
export class OpenFiles {
  readonly #disk: Disk
  readonly #print: Print
  readonly #files = new Map<number, OpenFile>()
  #last = FIRST

  constructor(disk: Disk, print: Print) {
    this.#disk = disk
    this.#print = print
  }

  open(path: string, shown: string, flags: OpenFlags, mode: number): number {
    const disk = this.#disk
    const found = disk.find(path)
    if (found && flags.creates && flags.isExclusive) throw fsError('EEXIST', 'open', shown)
    if (found?.kind === 'folder' && (flags.isWriting || flags.creates))
      throw fsError('EISDIR', 'open', shown)
    if (!found && !flags.creates) throw fsError('ENOENT', 'open', shown)
    const node = found ?? disk.newFile(path, mode, 'open')
    if (node.kind !== 'file') throw fsError('EISDIR', 'read')
    const fd = ++this.#last
    this.#files.set(fd, { path, flags, node, position: 0 })
    if (flags.truncates && node.content.size > 0) this.truncate(fd, 0)
    return fd
  }

  close(fd: unknown): void {
    if (!this.#files.delete(Number(fd))) throw fsError('EBADF', 'close')
  }

  node(fd: unknown, syscall: string): FileNode {
    return this.#file(fd, syscall).node
  }

  path(fd: unknown, syscall: string): string {
    return this.#file(fd, syscall).path
  }

  /** Reads into `target`. Returns the number of bytes. */
  read(fd: unknown, target: Uint8Array, position: number | undefined): number {
    const file = this.#file(fd, 'read')
    if (!file.flags.isReading) throw fsError('EBADF', 'read')
    const at = position ?? file.position
    const bytes = file.node.content.slice(at, at + target.length)
    target.set(bytes)
    if (position === undefined) file.position += bytes.length
    return bytes.length
  }

  /** Returns all bytes from the file's position on. */
  rest(fd: unknown): Buffer {
    const file = this.#file(fd, 'read')
    const bytes = Buffer.from(file.node.content.slice(file.position))
    file.position += bytes.length
    return bytes
  }

  write(fd: unknown, bytes: Uint8Array, position?: number): number {
    if (fd === 1 || fd === 2) {
      this.#print(fd, bytes)
      return bytes.length
    }
    const file = this.#writable(fd, 'write')
    const { content } = file.node
    const at = file.flags.appends ? content.size : (position ?? file.position)
    const from = Math.min(at, content.size)
    content.write(bytes, at)
    if (position === undefined || file.flags.appends) file.position = at + bytes.length
    this.#disk.written(file.path, file.node, from, at + bytes.length)
    return bytes.length
  }

  truncate(fd: unknown, size: number): void {
    const file = this.#writable(fd, 'ftruncate')
    const before = file.node.content.size
    file.node.content.truncate(size)
    this.#disk.written(file.path, file.node, Math.min(before, size), size)
  }

  #file(fd: unknown, syscall: string): OpenFile {
    const file = this.#files.get(Number(fd))
    if (file) return file
    throw fsError('EBADF', syscall)
  }

  /** A file of the machine is copied when it is first written. */
  #writable(fd: unknown, syscall: string): OpenFile {
    const file = this.#file(fd, syscall)
    if (!file.flags.isWriting) throw fsError('EBADF', syscall)
    const isOnDisk = this.#disk.find(file.path) !== undefined
    if (file.node.inode === 0 && isOnDisk) file.node = this.#disk.ownFile(file.path, file.node)
    return file
  }
}
