import type { Json } from '../../../core/json.ts'

/** The thing that a path leads to. */
export type DiskNode = FileNode | FolderNode | LinkNode

interface Dated {
  /** Milliseconds since 1970. */
  modifiedAt: number
  createdAt: number
  mode: number
  /** A number that no other has. */
  readonly inode: number
}

export interface FileNode extends Dated {
  readonly kind: 'file'
  readonly content: FileContent
}

/** A folder that the server made: nothing of the machine's shows in it. */
export interface FolderNode extends Dated {
  readonly kind: 'folder'
}

export interface LinkNode extends Dated {
  readonly kind: 'link'
  readonly target: string
}

/** The facts about a node, as they are kept: a row of JSON. */
export interface NodeFacts {
  readonly [fact: string]: Json
  readonly kind: 'file' | 'folder' | 'link'
  readonly size: number
  readonly target: string
  readonly modifiedAt: number
  readonly createdAt: number
  readonly mode: number
}

/** Bytes that grow: to append costs no copy of all that is there. */
export class FileContent {
  #bytes: Buffer
  #size: number

  constructor(bytes: Buffer = Buffer.alloc(0)) {
    this.#bytes = bytes
    this.#size = bytes.length
  }

  get size(): number {
    return this.#size
  }

  /** A view, not a copy. */
  slice(from = 0, to = this.#size): Buffer {
    return this.#bytes.subarray(Math.min(from, this.#size), Math.min(to, this.#size))
  }

  write(bytes: Uint8Array, at: number): void {
    this.#grow(at + bytes.length)
    this.#bytes.set(bytes, at)
  }

  truncate(size: number): void {
    this.#grow(size)
    this.#bytes.fill(0, size, this.#size)
    this.#size = size
  }

  #grow(size: number): void {
    if (size > this.#bytes.length) {
      const bytes = Buffer.alloc(Math.max(size, this.#bytes.length * 2))
      bytes.set(this.slice())
      this.#bytes = bytes
    }
    this.#size = Math.max(this.#size, size)
  }
}
