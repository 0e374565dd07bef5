import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { threadId } from 'node:worker_threads'

/** Writes a file as a whole: another process or thread may read it at this moment. */
export function keepFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  const written = `${file}.${process.pid}.${threadId}`
  writeFileSync(written, text)
  renameSync(written, file)
}
