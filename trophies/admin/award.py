from django.contrib import admin

from rallynov.editing import ContentAdmin
from trophies.models import Laureate


@admin.register(Laureate)
class LaureateAdmin(ContentAdmin):
    new_title = "Nouveau lauréat"
    list_display = ["initiative", "prize", "year"]
    list_filter = ["prize__edition__year"]
    list_select_related = ["initiative", "prize__edition"]
    search_fields = ["initiative__title", "prize__name"]
    autocomplete_fields = ["initiative", "prize"]
    fields = ["prize", "initiative", "place", "citation"]

    @admin.display(description="édition", ordering="prize__edition__year")
    def year(self, laureate):
        return laureate.prize.edition.year
