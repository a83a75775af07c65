// The card beside a chat of WeCom: asks whose chat it is, and puts a prepared answer into it. In a plain browser the
// platform's kit finds nobody to talk to; then copying is what remains.

const page = document.querySelector("[data-signature]");
const inWeCom = /wxwork/i.test(navigator.userAgent);

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-used]") : null;
  if (!button) return;
  note(button);
  if (button.dataset.send) send(button.dataset.send);
});

function note(button) {
  const { "X-CSRFToken": token } = JSON.parse(document.body.getAttribute("hx-headers"));
  fetch(button.dataset.used, { method: "POST", headers: { "X-CSRFToken": token } });
}

async function send(content) {
  const kit = await ready;
  if (kit) kit.sendChatMessage({ msgtype: "text", text: { content } });
}

// The platform signs the address without its fragment, as the browser shows it.
async function register() {
  if (!page || !inWeCom) return null;
  const kit = await import("../ui/vendor/wecom-jssdk.js");
  const url = location.href.split("#")[0];
  const answer = await fetch(`${page.dataset.signature}?url=${encodeURIComponent(url)}`);
  if (!answer.ok) return null;
  const signed = await answer.json();
  kit.register({
    corpId: signed.corpid,
    agentId: signed.agentid,
    jsApiList: ["getCurExternalContact", "sendChatMessage"],
    getConfigSignature: () => signed.corp,
    getAgentConfigSignature: () => signed.agent,
  });
  return kit;
}

async function findCustomer(kit) {
  if (!kit || !page.dataset.findCustomer) return;
  const { userId } = await kit.getCurExternalContact();
  if (userId) location.replace(`${page.dataset.findCustomer}?external_userid=${encodeURIComponent(userId)}`);
}

function showSending() {
  for (const button of document.querySelectorAll("[data-send][hidden]")) button.hidden = false;
}

const ready = register().catch(() => null);
ready.then((kit) => {
  if (!kit) return;
  findCustomer(kit).catch(() => null);
  showSending();
  document.addEventListener("htmx:afterSwap", showSending);
});
