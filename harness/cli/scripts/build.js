// Compiles the sources into dist/, which the package contains. Data files are copied.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import process from 'node:process'

rmSync('dist', { recursive: true, force: true })
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
})
if (existsSync('scenarios/regressions'))
  cpSync('scenarios/regressions', 'dist/scenarios/regressions', { recursive: true })
process.exit(status ?? 1)
