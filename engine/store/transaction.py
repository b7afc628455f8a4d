"""What code inside a transaction holds: one repository per aggregate."""

from engine.store.calendars import Calendars
from engine.store.failing import Failing
from engine.store.finds import Finds
from engine.store.heardtexts import HeardTexts
from engine.store.history import Histories
from engine.store.ledger import Ledger
from engine.store.lists import RouteLists
from engine.store.members import Members
from engine.store.memberships import Memberships
from engine.store.notifications import Notifications
from engine.store.people import People
from engine.store.phone_codes import PhoneCodes
from engine.store.phones import Phones
from engine.store.quotes import Quotes
from engine.store.routes import Routes
from engine.store.seals import Seals
from engine.store.servers import Servers
from engine.store.sql import Sql
from engine.store.texts import Texts
from engine.store.textstops import OperatorNews, TextStops
from engine.store.told import Told
from engine.store.waiting import Waiting
from engine.store.watches import Watches
from engine.store.webhooks import Webhooks
from engine.store.withdrawals import Withdrawals


class Transaction:
    """The repositories on one connection, between BEGIN IMMEDIATE and the commit.

    Only SQL and pure code belong inside: whoever awaits the network here stops every other writer.
    """

    def __init__(self, sql: Sql) -> None:
        self.sql = sql
        self.routes = Routes(sql)
        self.watches = Watches(sql)
        self.quotes = Quotes(sql)
        self.history = Histories(sql)
        self.finds = Finds(sql)
        self.calendars = Calendars(sql)
        self.notifications = Notifications(sql)
        self.waiting = Waiting(sql, self.notifications)
        self.told = Told(sql)
        self.lists = RouteLists(sql)
        self.phones = Phones(sql)
        self.seals = Seals(sql)
        self.phone_codes = PhoneCodes(sql)
        self.withdrawals = Withdrawals(sql)
        self.sms_ledger = Ledger(sql)
        self.texts = Texts(sql)
        self.heard_texts = HeardTexts(sql)
        self.text_stops = TextStops(sql)
        self.operator_news = OperatorNews(sql)
        self.members = Members(sql)
        self.people = People(sql)
        self.servers = Servers(sql)
        self.memberships = Memberships(sql)
        self.failing = Failing(sql)
        self.webhooks = Webhooks(sql)
