import cv2
import flask

print(cv2.__version__, flask.__name__)
