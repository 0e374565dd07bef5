import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { databaseContract } from '../../../core/ports/database.contract.ts'
import { sqliteDatabase } from './database.ts'

const folder = mkdtempSync(join(tmpdir(), 'tunnelproof-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let files = 0
databaseContract('SQLite', () => {
  const file = join(folder, `${files++}.db`)
  return { open: () => sqliteDatabase(file) }
})
