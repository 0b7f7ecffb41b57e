# For pretix's management shell: the organizer, the team and the token that no REST call can make. May run again.
from django_scopes import scopes_disabled
from pretix.base.models import Organizer, Team

with scopes_disabled():
    organizer, _ = Organizer.objects.get_or_create(slug='onsale', defaults={'name': 'Onsale'})
    organizer.settings.set('payment_manual__enabled', True)
    names = [field.name for field in Team._meta.get_fields() if field.name.startswith(('all_', 'can_'))]
    team, _ = organizer.teams.update_or_create(name='Onsale', defaults={name: True for name in names})
    token, _ = team.tokens.get_or_create(name='Onsale')
    token.token = open('/run/secrets/pretix-token').read().strip()
    token.save()

