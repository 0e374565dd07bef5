import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Warden } from './process/warden.ts'

export interface TemporaryFolder {
  readonly path: string
  remove(): Promise<void>
}

/** Makes a folder below `parent`. If the harness is killed, the warden removes it. */
export async function temporaryFolder(parent: string, warden: Warden): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(parent, 'tunnelproof-'))
  warden.tell({ type: 'folder-created', path })
  const remove = async () => {
    await rm(path, { recursive: true, force: true, maxRetries: 5 })
    warden.tell({ type: 'folder-removed', path })
  }
  return { path, remove }
}
