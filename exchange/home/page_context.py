"""What every page reads of this app: the menu of the current role."""

from django.http import HttpRequest

from exchange.core.context import page_context
from exchange.home.menu import Menu, menu_of


@page_context.register("menu")
def menu(request: HttpRequest) -> Menu:
    return menu_of(request)
