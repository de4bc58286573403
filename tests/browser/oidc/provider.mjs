// A real OpenID Connect provider on loopback, shaped like ProConnect: scopes siret, usual_name…, 60-second tokens.
//
//   node provider.mjs PORT PEOPLE.json CLAIMS LOG
//
// PEOPLE.json: {"<sub>": {claims}}, read again at each sign-in. CLAIMS: where they are given, id_token or userinfo; the client
// "signe" gets its userinfo as a signed JWT. LOG: one JSON line for each request to the provider.
import { appendFileSync, readFileSync } from "node:fs";
import Provider from "oidc-provider";

const [port, peopleFile, claimsIn, log] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const people = () => JSON.parse(readFileSync(peopleFile, "utf-8"));

const client = (id, more = {}) => ({
  client_id: id,
  client_secret: `secret-of-${id}-long-enough-for-a-test`,
  redirect_uris: ["http://127.0.0.1/oauth2callback"],
  post_logout_redirect_uris: ["http://127.0.0.1/oauth2callback"],
  ...more,
});

const provider = new Provider(issuer, {
  clients: [
    client("vigistock"),
    client("signe", { userinfo_signed_response_alg: "RS256" }),
  ],
  clientBasedCORS: () => false,
  conformIdTokenClaims: claimsIn !== "id_token",
  claims: {
    openid: ["sub"],
    email: ["email", "email_verified"],
    given_name: ["given_name"],
    usual_name: ["usual_name"],
    siret: ["siret"],
    idp_id: ["idp_id"],
  },
  cookies: { keys: ["a key of the test provider"] },
  features: {
    devInteractions: { enabled: false },
    jwtUserinfo: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => {
        ctx.body = `<title>Fin</title>${form}<button form="op.logoutForm" name="logout" value="yes">Quitter</button>`;
      },
    },
  },
  findAccount: (ctx, sub) => people()[sub] && { accountId: sub, claims: () => ({ sub, ...people()[sub] }) },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  // Nobody is asked for consent: ProConnect does not either.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope([...ctx.oidc.requestParamScopes].join(" "));
    await grant.save();
    return grant;
  },
  ttl: { AccessToken: 60, AuthorizationCode: 30, Grant: 3600, IdToken: 60, Interaction: 600, Session: 43200 },
});

// Ports are free ones, known after the provider has started.
const back = (uri) => /^http:\/\/127\.0\.0\.1:\d+\/oauth2callback$/.test(uri);
provider.Client.prototype.redirectUriAllowed = back;
provider.Client.prototype.postLogoutRedirectUriAllowed = back;

provider.use(async (ctx, next) => {
  appendFileSync(log, `${JSON.stringify({ path: ctx.path, query: ctx.query })}\n`);
  const choice = ctx.path.match(/^\/interaction\/[^/]+(?:\/(.+))?$/);
  if (!choice) return next();
  await interact(ctx, choice[1] && decodeURIComponent(choice[1]));
});

async function interact(ctx, chosen) {
  if (chosen === "annuler") {
    const refused = { error: "access_denied", error_description: "annulé" };
    await provider.interactionFinished(ctx.req, ctx.res, refused, { mergeWithLastSubmission: false });
    ctx.respond = false;
  } else if (chosen) {
    await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: chosen } });
    ctx.respond = false;
  } else {
    const links = [...Object.keys(people()), "annuler"].map((sub) => `<li><a href="${ctx.path}/${sub}">${sub}</a>`);
    ctx.type = "html";
    ctx.body = `<title>Qui ?</title><ul>${links.join("")}</ul>`;
  }
}

provider.on("server_error", (ctx, error) => console.error(error));
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
