"""The moment before a copy leaves: which address it goes to."""

from yarl import URL

from engine.alerts.hooks.ports import Target
from engine.alerts.vault import Unreadable, Vault
from engine.domain.webhook import Webhook, WebhookId
from engine.store.database import Store


class HookTargets:
    """Opens webhooks; see `engine.alerts.hooks.ports.Targets`. What is opened is kept nowhere."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store = store
        self._vault = vault

    async def __call__(self, id_: WebhookId) -> Target | None:
        """The address and secret behind an id, None when it was removed. Raises Unreadable, StoreError."""
        async with self._store.transaction() as tx:
            webhook = await tx.webhooks.get(id_)
        return None if webhook is None else self.opened(webhook)

    def opened(self, webhook: Webhook) -> Target:
        """The same of a webhook at hand. Raises Unreadable."""
        sealed = webhook.sealed_secret
        return Target(
            kind=webhook.kind,
            url=URL(self._vault.open(webhook.sealed_url)),
            secret=None if sealed is None else self._vault.open(sealed),
        )

    def opens(self, webhook: Webhook) -> bool:
        """Whether the keys are the ones that it was stored with."""
        try:
            self.opened(webhook)
        except Unreadable:
            return False
        return True
