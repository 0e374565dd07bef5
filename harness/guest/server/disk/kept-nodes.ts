import type { Database, OpenDatabase, Row } from '../../../core/ports/database.ts'
import { type DiskNode, FileContent, type NodeFacts } from './node.ts'

const NODES = 'tunnelproof-nodes'
const BLOCKS = 'tunnelproof-blocks'
/** In bytes. A write costs at least one block. */
const BLOCK = 4096

interface NodeRow extends Row {
  readonly path: string
  /** Null if the machine has a file there, and the server has deleted it. */
  readonly facts: NodeFacts | null
}

interface BlockRow extends Row {
  readonly path: string
  readonly block: number
  /** Each character is one byte. */
  readonly bytes: string
}

/**
 * Keeps what a server wrote in its database, at once: as the machine keeps it when a process is
 * killed.
 */
export class KeptNodes {
  readonly #database: Database

  constructor(open: OpenDatabase) {
    this.#database = open({
      [NODES]: { key: 'path' },
      [BLOCKS]: { key: ['path', 'block'] },
    })
  }

  /** Reads everything that earlier incarnations wrote. Null stands for a deletion. */
  all(): Map<string, DiskNode | null> {
    return this.#database.read((tables) => {
      const blocks = tables.table<BlockRow>(BLOCKS)
      let inode = 0
      const nodeOf = (path: string, facts: NodeFacts): DiskNode => {
        const { kind, size, target, ...dated } = facts
        const common = { ...dated, inode: ++inode } as Omit<DiskNode, 'kind'>
        if (kind !== 'file') return { ...common, kind, target } as DiskNode
        const parts = blocks
          .all({ prefix: [path] })
          .map(({ bytes }) => Buffer.from(bytes, 'latin1'))
        const content = new FileContent(Buffer.concat(parts, size))
        return { ...common, kind, content } as DiskNode
      }
      return new Map(
        tables
          .table<NodeRow>(NODES)
          .all()
          .map(({ path, facts }) => [path, facts && nodeOf(path, facts)]),
      )
    })
  }

  /** Keeps a node; of a file the bytes in the range, by default all. */
  keep(path: string, node: DiskNode, from = 0, to = Number.POSITIVE_INFINITY): void {
    this.#database.transaction((tables) => {
      tables.table<NodeRow>(NODES).put({ path, facts: factsOf(node) })
      if (node.kind !== 'file') return
      const { content } = node
      const blocks = tables.table<BlockRow>(BLOCKS)
      const count = Math.ceil(content.size / BLOCK)
      const last = Math.min(count, Math.ceil(to / BLOCK))
      for (let block = Math.floor(from / BLOCK); block < last; block++) {
        const bytes = content.slice(block * BLOCK, (block + 1) * BLOCK).toString('latin1')
        blocks.put({ path, block, bytes })
      }
      // A file that became shorter.
      for (let block = count; blocks.delete([path, block]); block++);
    })
  }

  /** Forgets a node; `isHidden` keeps a file of the machine from showing in its place. */
  forget(path: string, isHidden: boolean): void {
    this.#database.transaction((tables) => {
      const nodes = tables.table<NodeRow>(NODES)
      if (isHidden) nodes.put({ path, facts: null })
      else nodes.delete(path)
      const blocks = tables.table<BlockRow>(BLOCKS)
      for (const { block } of blocks.all({ prefix: [path] })) blocks.delete([path, block])
    })
  }
}

function factsOf(node: DiskNode): NodeFacts {
  const { kind, modifiedAt, createdAt, mode } = node
  const size = node.kind === 'file' ? node.content.size : 0
  const target = node.kind === 'link' ? node.target : ''
  return { kind, size, target, modifiedAt, createdAt, mode }
}
