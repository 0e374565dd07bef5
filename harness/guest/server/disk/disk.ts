import * as fs from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Clock } from '../../../core/ports/clock.ts'
import type { OpenDatabase } from '../../../core/ports/database.ts'
import { EPOCH_WALL } from '../../../core/time.ts'
import { fsError } from './fs-error.ts'
import { KeptNodes } from './kept-nodes.ts'
import { type DiskNode, FileContent, type FileNode } from './node.ts'

const LINKS_MAX = 40
const FOLDER_MODE = 0o755

/**
 * The disk of a server in the sim: what it wrote lies over the files of the machine, which are
 * never changed. A folder that it made hides what the machine has at the same path.
 *
 *     lookup: written by the server? ─no─▶ hidden by it? ─no─▶ file of the machine, read-only
 */
export class Disk {
  readonly #kept: KeptNodes
  readonly #clock: Clock
  /** The server's own nodes by absolute path; null where it deleted a file of the machine. */
  readonly #nodes: Map<string, DiskNode | null>
  /** The names in each folder that the server wrote or deleted. */
  readonly #names = new Map<string, Set<string>>()
  /** The files that are at several paths. */
  readonly #shared = new WeakSet<DiskNode>()
  #lastInode: number
  #hasLinks: boolean

  constructor(open: OpenDatabase, clock: Clock) {
    this.#kept = new KeptNodes(open)
    this.#clock = clock
    this.#nodes = this.#kept.all()
    this.#lastInode = this.#nodes.size
    this.#hasLinks = [...this.#nodes.values()].some((node) => node?.kind === 'link')
    for (const path of this.#nodes.keys()) this.#name(path)
  }

  /** Returns the path without links in it. `isLast` false leaves a link at its end. */
  follow(path: string, syscall: string, isLast = true): string {
    if (!this.#hasLinks) return path
    let links = 0
    let done = '/'
    const parts = path.split('/').filter((part) => part !== '')
    while (parts.length > 0) {
      const next = join(done, parts.shift() as string)
      const node = this.#nodes.get(next)
      if (node?.kind !== 'link' || (parts.length === 0 && !isLast)) done = next
      else {
        if (++links > LINKS_MAX) throw fsError('ELOOP', syscall, path)
        const target = resolve(done, node.target)
        parts.unshift(...target.split('/').filter((part) => part !== ''))
        done = '/'
      }
    }
    return done
  }

  /** Returns what is at the path, which has no links in it; undefined if there is nothing. */
  find(path: string): DiskNode | undefined {
    const written = this.#nodes.get(path)
    if (written !== undefined) return written ?? undefined
    return this.#isHidden(path) ? undefined : machineNode(path)
  }

  /** As {@link find}. Throws ENOENT. */
  get(path: string, syscall: string, shown = path): DiskNode {
    const found = this.find(path)
    if (found) return found
    throw fsError('ENOENT', syscall, shown)
  }

  /** Returns the file as one that may be changed: of a file of the machine, a copy. */
  ownFile(path: string, node: FileNode): FileNode {
    if (this.#nodes.get(path) === node) return node
    const own = { ...node, inode: ++this.#lastInode, content: new FileContent(copyOf(node)) }
    this.put(path, own)
    return own
  }

  newFile(path: string, mode: number, syscall: string): FileNode {
    return this.#create(path, syscall, {
      ...this.#fresh(mode),
      kind: 'file',
      content: new FileContent(),
    })
  }

  newFolder(path: string, syscall: string, mode = FOLDER_MODE): void {
    this.#create(path, syscall, { ...this.#fresh(mode), kind: 'folder' })
  }

  newLink(path: string, target: string): void {
    if (this.find(path)) throw fsError('EEXIST', 'symlink', target, path)
    this.#create(path, 'symlink', { ...this.#fresh(0o777), kind: 'link', target })
    this.#hasLinks = true
  }

  /** Keeps a change of a node; of a file the bytes in the range, by default all. */
  changed(node: DiskNode, from?: number, to?: number): void {
    for (const [path, each] of this.#nodes) if (each === node) this.#kept.keep(path, node, from, to)
  }

  /** Keeps a change of the content. A file that was deleted meanwhile is not kept. */
  written(path: string, node: DiskNode, from: number, to: number): void {
    node.modifiedAt = this.#clock.wall()
    // Almost always it is at this path alone: no other need be searched for.
    if (this.#nodes.get(path) === node && !this.#shared.has(node))
      this.#kept.keep(path, node, from, to)
    else this.changed(node, from, to)
  }

  /** Puts a file at a second path. After a restart these are two files. */
  share(path: string, node: FileNode): void {
    this.#shared.add(node)
    this.put(path, node)
  }

  put(path: string, node: DiskNode): void {
    this.#nodes.set(path, node)
    this.#name(path)
    this.#kept.keep(path, node)
  }

  remove(path: string): void {
    this.#nodes.delete(path)
    const isHidden = !this.#isHidden(path) && machineNode(path) !== undefined
    if (isHidden) {
      this.#nodes.set(path, null)
      this.#name(path)
    } else this.#names.get(dirname(path))?.delete(basename(path))
    this.#kept.forget(path, isHidden)
  }

  /** Returns the names in a folder, sorted. */
  names(path: string): string[] {
    const found = new Set(isOnMachine(this.#nodes.get(path)) ? machineNames(path) : [])
    if (this.#isHidden(path)) found.clear()
    for (const name of this.#names.get(path) ?? []) {
      if (this.#nodes.get(join(path, name))) found.add(name)
      else found.delete(name)
    }
    return [...found].sort()
  }

  /** Returns true if the server wrote it, so that it can be moved as a whole. */
  isOwn(path: string): boolean {
    return Boolean(this.#nodes.get(path))
  }

  #create<Node extends DiskNode>(path: string, syscall: string, node: Node): Node {
    const parent = this.get(dirname(path), syscall, path)
    if (parent.kind !== 'folder') throw fsError('ENOTDIR', syscall, path)
    this.put(path, node)
    return node
  }

  #fresh(mode: number) {
    const now = this.#clock.wall()
    return { modifiedAt: now, createdAt: now, mode, inode: ++this.#lastInode }
  }

  #name(path: string): void {
    const folder = dirname(path)
    const names = this.#names.get(folder)
    if (names) names.add(basename(path))
    else this.#names.set(folder, new Set([basename(path)]))
  }

  /** Returns true if a folder above the path was made or deleted by the server. */
  #isHidden(path: string): boolean {
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      if (this.#nodes.has(folder)) return true
      if (folder === dirname(folder)) return false
    }
  }
}

const isOnMachine = (written: DiskNode | null | undefined) => written === undefined
const copyOf = ({ content }: FileNode) => Buffer.from(content.slice())

/** A file or folder of the machine. Its times are the same on every machine. */
function machineNode(path: string): DiskNode | undefined {
  const stats = fs.statSync(path, { throwIfNoEntry: false })
  if (!stats) return undefined
  const dated = {
    modifiedAt: EPOCH_WALL,
    createdAt: EPOCH_WALL,
    mode: stats.mode & 0o777,
    inode: 0,
  }
  if (stats.isDirectory()) return { ...dated, kind: 'folder' }
  if (!stats.isFile()) return undefined
  let content: FileContent | undefined
  return {
    ...dated,
    kind: 'file',
    // Read only if it is asked for: most callers want to know no more than that it is there.
    get content() {
      content ??= new FileContent(fs.readFileSync(path))
      return content
    },
  }
}

function machineNames(path: string): string[] {
  try {
    return fs.readdirSync(path)
  } catch {
    return []
  }
}
