"""URLs of the front page, texts, sitemap and robots.txt."""

from django.urls import path, re_path

from exchange.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("desk/", views.desk, name="desk"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("terms/", views.terms, name="terms"),
    path("privacy/", views.privacy, name="privacy"),
    re_path(r"^ornaments/(?P<country>[a-z]{2})-(?P<field>[a-z0-9-]{1,60})\.svg$", views.ornament, name="ornament"),
    path("about/data/", views.about_data, name="about_data"),
]
