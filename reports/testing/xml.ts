import { spawnSync } from 'node:child_process'

/** Reads JSON texts of XML documents, one a line; says for each what expat makes of it: an error, or its texts and attributes in order. */
const SCRIPT = `
import json, sys, xml.etree.ElementTree as tree
for line in sys.stdin:
    try:
        root = tree.fromstring(json.loads(line).encode('utf-8'))
        found = [[e.tag, e.attrib, e.text or ''] for e in root.iter()]
        print(json.dumps({'found': found}))
    except Exception as error:
        print(json.dumps({'error': str(error)}))
`

export interface Parsed {
  readonly error?: string
  readonly found?: readonly (readonly [
    tag: string,
    attributes: Readonly<Record<string, string>>,
    text: string,
  ])[]
}

export const hasPython = spawnSync('python3', ['--version']).status === 0

/** An XML parser of other people's, so that well-formedness is not judged by who wrote it. */
export function parseXml(documents: readonly string[]): Parsed[] {
  const ran = spawnSync('python3', ['-c', SCRIPT], {
    input: `${documents.map((document) => JSON.stringify(document)).join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (ran.status !== 0) throw new Error(ran.stderr)
  return ran.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Parsed)
}
