// An add-on made with atlassian-connect-express-hipchat, with settings in memory. It prints its address, and answers a
// webhook with what the library read from the signed request.
const express = require("express");
const hipchat = require("atlassian-connect-express-hipchat");

const app = express();
app.use(express.json());
const server = app.listen(0, "127.0.0.1", () => {
  const root = `http://127.0.0.1:${server.address().port}`;
  const kept = new Map();
  const addon = hipchat(
    {
      app,
      config: { localBaseUrl: () => root, maxTokenAge: () => 900000 },
      descriptor: {
        key: "an-addon",
        name: "An add-on",
        links: { self: `${root}/atlassian-connect.json` },
        capabilities: {
          hipchatApiConsumer: { scopes: ["send_notification", "view_room"] },
          installable: { callbackUrl: `${root}/installed` },
          webhook: [{ event: "room_message", url: `${root}/hook`, name: "a hook", authentication: "jwt" }],
        },
      },
      logger: { info() {}, error: console.error, err: console.error },
      settings: {
        get: async (name, client) => kept.get(`${client} ${name}`) || null,
        set: async (name, value, client) => kept.set(`${client} ${name}`, value).get(`${client} ${name}`),
      },
    },
    app,
  );
  addon._configure();
  addon.on("uninstalled", (client) => console.log(`uninstalled ${client}`));
  app.post("/hook", addon.authenticate(), async (request, response) => {
    const token = await addon.getAccessToken(request.clientInfo);
    const { groupId, roomId, userId } = request.identity;
    response.json({ message: JSON.stringify({ groupId, roomId, userId, scope: token.scope }), message_format: "text" });
  });
  console.log(root);
});
