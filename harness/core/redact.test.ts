import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSecretName, redactFields } from './redact.ts'

const SECRET = 'hunter2'

describe('redactFields', () => {
  it.each([
    ['{"text":"Hi","password":"hunter2","rev":1}', '{"text":"Hi","password":"[redacted]","rev":1}'],
    ['{"access_token" : "hunter2"}', '{"access_token" : "[redacted]"}'],
    ['{"apiKey":"hunt\\"er2","a":1}', '{"apiKey":"[redacted]","a":1}'],
    ['{"session":7312,"a":1}', '{"session":"[redacted]","a":1}'],
    ['{"a":1,"token":"hunter2 is cut he', '{"a":1,"token":"[redacted]"'],
    ['{"a":1,"secret":{"of":["hunter2"]},"b":2}', '{"a":1,"secret":"[redacted]"'],
    ['{"doc":"{\\"token\\":\\"hunter2\\"}"}', '{"doc":"{\\"token\\":\\"[redacted]\\"'],
    ['user=ana&password=hunter2&text=Hi', 'user=ana&password=[redacted]&text=Hi'],
    ['/changes?after=4&access_token=hunter2#end', '/changes?after=4&access_token=[redacted]#end'],
  ])('redacts the field in %s', (text, redacted) => {
    expect(redactFields(text)).toBe(redacted)
  })

  it.each([
    '{"text":"my token is lost","record":"m1"}',
    '{"text":"What is the password?"}',
    '/changes?epoch=8f311db3&after=4',
    'text=the+session+is+over',
    '',
  ])('leaves %s alone', (text) => {
    expect(redactFields(text)).toBe(text)
  })

  it('lets no secret through, wherever it is in a JSON body, and however the body is cut', () => {
    const names = fc.constantFrom('token', 'refreshToken', 'client_secret', 'Password', 'api-key')
    const secret = fc.constant(`${SECRET}-${SECRET}`)
    const value = fc.oneof(secret, fc.array(secret), fc.record({ inner: secret }))
    fc.assert(
      fc.property(fc.json(), names, value, fc.nat(200), (other, name, hidden, length) => {
        const body = JSON.stringify({ other: JSON.parse(other), [name]: hidden, last: 1 })
        expect(redactFields(body.slice(0, length))).not.toContain(SECRET)
      }),
    )
  })
})

it('knows headers with credentials by their names', () => {
  const names = 'authorization cookie proxy-authorization set-cookie x-api-key x-csrf-token'
  expect(names.split(' ').filter((name) => !isSecretName(name))).toEqual([])
  const others = ['content-type', 'idempotency-key', 'if-match', 'retry-after', 'x-author']
  expect(others.filter(isSecretName)).toEqual([])
})
