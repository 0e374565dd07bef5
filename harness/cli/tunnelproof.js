#!/usr/bin/env node
// The bin. In a clone it runs the TypeScript sources, in the installed package the compiled code.
import { existsSync } from 'node:fs'
import process from 'node:process'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`tunnelproof expects Node 20.19 or later, got ${process.versions.node}\n`)
  process.exit(64)
}

const sources = new URL('./main.ts', import.meta.url)
const inClone = existsSync(sources)
if (inClone) await import('tsx')
const { mainOfProcess } = await import(
  inClone ? sources.href : new URL('../../dist/harness/cli/main.js', import.meta.url).href
)
process.exit(await mainOfProcess(process.argv.slice(2)))
