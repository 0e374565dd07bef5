import { type ServerDefinition, USER_HEADER } from '../../harness/core/server.ts'
import { DEFAULT_TRAITS, syncServer } from '../server.ts'

/** Keeps the first user in a variable that all requests share. */
const mixedSessions: ServerDefinition = {
  name: 'mixed-sessions',
  title: 'takes every request for one of the user who came first',
  create: (ports, setup) => {
    const server = syncServer(ports, setup, DEFAULT_TRAITS)
    let user: string | undefined
    return {
      handle: (request) => {
        user ??= request.headers?.[USER_HEADER]
        const headers = { ...request.headers, ...(user !== undefined && { [USER_HEADER]: user }) }
        return server.handle({ ...request, headers })
      },
      dump: () => server.dump(),
    }
  },
}

export default mixedSessions
