import { flag, integer, list, namedRecords, port, records, text } from '../leaf'

/** A way to sign in, by the name the operator gave it. */
interface AuthenticationMethod {
  readonly Type?: string
  readonly PolicyPath?: string
}

/** Somebody who may use the HTTP API: with a user name and password, or with an API key. */
interface ApiUser {
  readonly Alias?: string
  readonly Username?: string
  readonly Password?: string
  readonly APIKey?: string
  readonly Capabilities?: readonly { readonly Actions?: readonly string[] }[]
}

const closed =
  'Signing in to the HTTP API is not built yet, so a node that is told to ask for it would stand open to everybody. Remove the key; the API listens on 127.0.0.1 alone unless API.Host says otherwise.'
const plain = 'The HTTP API of this version speaks plain HTTP only. Remove the key, or put a proxy that terminates TLS in front of it.'

const oauth = { effect: 'restart', refused: closed } as const

/** Keys under `API`. */
export const api = {
  Host: text('127.0.0.1', {
    effect: 'restart',
    documentation:
      'Address that the HTTP API listens on, and that commands connect to where it was set. Commands also take a whole URL (http://host:port). 0.0.0.0 opens the API to every network this machine is in: it asks nobody for a password.',
  }),
  Port: port(1234, { effect: 'restart', documentation: 'Port of the HTTP API; 0 takes any free one.' }),
  TLS: {
    CertFile: text('', { effect: 'restart', documentation: "File with the HTTP API's certificate (PEM).", refused: plain }),
    KeyFile: text('', { effect: 'restart', documentation: 'File with the private key to API.TLS.CertFile (PEM).', refused: plain }),
    CAFile: text('', { effect: 'live', documentation: 'Commands trust the certificate authority in this file (PEM) when they connect over HTTPS.' }),
    UseTLS: flag(false, { effect: 'live', documentation: 'Commands connect over HTTPS.' }),
    Insecure: flag(false, {
      effect: 'live',
      documentation: 'Commands accept any certificate over HTTPS. For trying things out only: anybody in between can read along.',
    }),
    SelfSigned: flag(false, { effect: 'restart', documentation: 'Serve the HTTP API with a certificate made at the start.', refused: plain }),
    AutoCert: text('', { effect: 'restart', documentation: 'Domain to fetch a certificate for by ACME.', refused: plain }),
    AutoCertCachePath: text('', { effect: 'restart', documentation: 'Folder that keeps certificates fetched by ACME.', unused: true }),
  },
  Auth: {
    Methods: namedRecords<AuthenticationMethod>(
      { ClientKey: { Type: 'challenge' } },
      {
        effect: 'restart',
        documentation: 'Ways to sign in, by a name of your choice. The one built in is a challenge that every client passes.',
        unused: true,
      },
    ),
    AccessPolicyPath: text('', { effect: 'restart', documentation: 'Rego policy that decides who may do what.', refused: closed }),
    Users: records<ApiUser>([], {
      effect: 'restart',
      documentation: 'Who may use the HTTP API: user names with passwords, or API keys, each with its rights.',
      secret: true,
      refused: closed,
    }),
    Oauth2: {
      ProviderID: text('', { ...oauth, documentation: 'Identity provider for single sign-on; turns it on.' }),
      ProviderName: text('', { effect: 'restart', documentation: "The identity provider's name as shown to people.", unused: true }),
      TokenEndpoint: text('', { effect: 'restart', documentation: 'Where tokens are fetched.', unused: true }),
      JWKSUri: text('', { ...oauth, documentation: "Where the identity provider's public keys are." }),
      Issuer: text('', { ...oauth, documentation: 'Issuer that tokens must name.' }),
      DeviceClientID: text('', { ...oauth, documentation: 'Client id of the device-code flow.' }),
      Audience: text('', { ...oauth, documentation: 'Audience that tokens must name.' }),
      Scopes: list([], { effect: 'restart', documentation: 'Scopes that are asked for.', unused: true }),
      DeviceAuthorizationEndpoint: text('', { effect: 'restart', documentation: 'Where the device-code flow begins.', unused: true }),
      PollingInterval: integer(0, {
        effect: 'restart',
        range: [0, 86_400],
        documentation: 'Seconds between two questions of the device-code flow.',
        unused: true,
      }),
    },
  },
} as const
