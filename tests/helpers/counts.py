"""How many rows there are."""

from accounts.models import User
from applications.models import Application, Review
from exchange.core.models import History
from messaging.models import Message, Notification, Thread
from partnerships.models import Agreement
from placements.models import Approval, Placement
from profiles.models import ExpertProfile
from programs.models import Program


def counts():
    """Rows by model, of what people would notice."""
    models = (
        User,
        ExpertProfile,
        Program,
        Application,
        Review,
        Placement,
        Approval,
        Thread,
        Message,
        Notification,
        History,
        Agreement,
    )
    return {model.__name__: model.objects.count() for model in models}
