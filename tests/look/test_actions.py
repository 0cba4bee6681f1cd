"""Transitions as buttons; forms whose errors are tied to their fields."""

from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from exchange.core.transitions import AvailableTransition, Transition


def transition(name, label, **kwargs):
    return Transition(name=name, sources=("a",), target="b", by=("x",), label=label, done=label, **kwargs)


def draw(source, **context):
    return Template(source).render(Context({"request": RequestFactory().get("/"), "csrf_token": "token", **context}))


class SampleForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As in your passport")
    kinds = forms.MultipleChoiceField(label="Kinds", choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)
    agree = forms.BooleanField(label="I agree")
    cv = forms.FileField(label="CV", required=False)
    secret = forms.CharField(widget=forms.HiddenInput)

    def clean(self):
        raise forms.ValidationError("The whole does not fit.")


def test_first_move_is_solid_and_the_others_quiet():
    html = draw(
        "{% transitions transitions '/p/5/MOVE/' %}",
        transitions=[
            AvailableTransition(transition("reject", "Reject", tone="danger")),
            AvailableTransition(transition("approve", "Approve")),
            AvailableTransition(transition("hold", "Hold")),
        ],
    )

    assert '<button class="button danger">Reject' in html
    assert '<button class="button ">Approve' in html
    assert '<button class="button quiet">Hold' in html
    assert 'action="/p/5/approve/"' in html
    assert html.count('name="csrfmiddlewaretoken"') == 3


def test_refused_move_says_why():
    html = draw(
        "{% transitions transitions '/p/5/' %}",
        transitions=[AvailableTransition(transition("confirm", "Confirm"), "The host has not approved yet.")],
    )

    assert 'aria-disabled="true" aria-describedby="transition-confirm-why"' in html
    assert "The host has not approved yet." in html
    assert "<form" not in html


def test_move_with_reasons_asks_for_one():
    row = transition("reject", "Reject", reasons=(("quota", "Quota used up"),), note_required=True)

    html = draw("{% transitions transitions '/p/5/' %}", transitions=[AvailableTransition(row)])

    assert "<details" in html
    assert '<select name="reason" id="transition-reject-reason" required>' in html
    assert '<option value="quota">Quota used up</option>' in html
    assert '<textarea name="note" id="transition-reject-note" rows="3" maxlength="2000" required>' in html
    assert 'action="/p/5/reject/"' in html


def test_move_with_a_form_of_its_own_is_a_link_there():
    assert 'href="/p/5/review/"' in draw(
        "{% transitions transitions '/p/5' %}", transitions=[AvailableTransition(transition("review", "Review", form=True))]
    )


def test_no_move_is_solid_where_another_button_is():
    assert "button quiet" in draw(
        "{% transitions transitions '/p/' solid=False %}", transitions=[AvailableTransition(transition("approve", "Approve"))]
    )


def test_field_ties_label_help_and_error_to_its_input():
    html = SampleForm(data={}).as_div()

    assert '<label for="id_name">Name <span class="need">required</span></label>' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_group_of_boxes_is_a_fieldset_with_a_legend():
    html = SampleForm().as_div()

    assert '<fieldset class="field" id="id_kinds_group"' in html
    assert "<legend>Kinds" in html
    assert '<label for="id_agree"><input type="checkbox"' in html


def test_error_summary_links_to_the_fields():
    html = SampleForm(data={"name": "x"}).as_div()

    assert html.index("The whole does not fit.") < html.index('href="#id_kinds_group"')
    assert '<a href="#id_agree">I agree</a>' in html
    assert 'role="alert"' in html
    assert '<a href="#id_secret">' not in html


def test_form_without_errors_has_no_summary():
    assert "summary" not in SampleForm().as_div()


def test_error_that_stands_alone_needs_no_heading():
    class Login(forms.Form):
        def clean(self):
            raise forms.ValidationError("Wrong e-mail address or password.")

    html = Login(data={}).as_div()

    assert "Wrong e-mail address or password." in html
    assert "<strong>" not in html


def test_form_errors_reads_several_forms_and_formsets():
    formset = forms.formset_factory(SampleForm, extra=0)(
        data={"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-kinds": "a"}
    )

    html = draw("{% form_errors one many None %}", one=SampleForm(data={}, prefix="one"), many=formset)

    assert 'href="#id_one-name"' in html
    assert 'href="#id_form-0-name"' in html


def test_formset_says_what_is_wrong_with_all_of_it():
    formset = forms.formset_factory(SampleForm, max_num=1, validate_max=True)(
        data={"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0"}
    )

    assert "Please submit at most 1 form" in draw("{% form_errors many %}", many=formset)


def test_file_field_says_its_limits_before_anybody_chooses():
    class Upload(forms.Form):
        cv = forms.FileField(label="CV")
        photo = forms.FileField(widget=forms.FileInput(attrs={"accept": ".jpg,.png"}))
        any = forms.FileField()

    Upload.base_fields["cv"].kinds = (".pdf", "docx")
    Upload.base_fields["cv"].max_bytes = 10 * 1024 * 1024
    Upload.base_fields["any"].max_bytes = 1024

    html = Upload().as_div().replace("\xa0", " ")

    assert "PDF, DOCX; at most 10.0 MB" in html
    assert "JPG, PNG" in html
    assert "At most 1.0 KB" in html


def test_field_shows_hostile_words_as_words():
    class Hostile(forms.Form):
        name = forms.CharField(label="<b>x</b>", initial='"><script>')

    html = Hostile().as_div()

    assert "<script>" not in html
    assert "<b>x" not in html
