import { Toxiproxy } from 'toxiproxy-node-client'
import { messageOf, Problem } from '../../../core/problem.ts'
import { TOXIPROXY_REPLY_TIMEOUT_MS } from '../timeouts.ts'

/** The version of the Toxiproxy at this URL. Throws a Problem when none answers there. */
export async function versionOf(url: string): Promise<string> {
  const told = await soon(new Toxiproxy(url).getVersion()).catch((cause: unknown) => {
    throw new Problem(
      `no Toxiproxy answers at ${url} (${messageOf(cause)}); start one there, or use --toxiproxy embedded`,
      { cause },
    )
  })
  const version = readVersion(told)
  if (version === undefined)
    throw new Problem(
      `${url} answers, but not as Toxiproxy does; expected its API's URL, such as http://127.0.0.1:8474`,
    )
  return version
}

/** Its type says a text; what comes is JSON in a text. */
function readVersion(told: unknown): string | undefined {
  try {
    const { version } = JSON.parse(String(told)) as { version?: unknown }
    return typeof version === 'string' ? version : undefined
  } catch {
    return undefined
  }
}

async function soon<Answer>(answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${TOXIPROXY_REPLY_TIMEOUT_MS} ms`)),
      TOXIPROXY_REPLY_TIMEOUT_MS,
    )
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
